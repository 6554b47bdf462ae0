package browser_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/preview/browser"
)

func chromium(t *testing.T) string {
	path := os.Getenv("CHROMIUM")
	if path == "" {
		t.Skip("CHROMIUM names no browser")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func is(m image.Image, x, y int, want color.RGBA) bool {
	return color.RGBAModel.Convert(m.At(x, y)) == want
}

// A picture is as wide as a telephone and as high as what there is to see; it lays out
// what a telephone lays out, and nothing is fetched or run for it.
func TestTake(t *testing.T) {
	program := chromium(t)
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer s.Close()
	red, blue := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	document := fmt.Sprintf(`<!DOCTYPE html><head><style>body{margin:0}div{height:300px;background:#f00}@media(max-width:400px){div{height:500px;background:#00f}}</style></head>
<div></div><script>document.querySelector('div').style.background='#0f0'</script><img src="%s/a.png"><iframe src="%s/b"></iframe>`, s.URL, s.URL)
	for _, c := range []struct {
		width, scale, height int
		want                 color.RGBA
	}{{360, 1, 500, blue}, {1280, 1, 300, red}, {360, 2, 1000, blue}} {
		m, err := browser.Take(t.Context(), program, browser.Shot{Document: []byte(document), Width: c.width, Scale: c.scale})
		if err != nil {
			t.Fatal(err)
		}
		b := m.Bounds()
		if b.Dx() != c.width*c.scale || b.Dy() < c.height || b.Dy() > c.height+400*c.scale {
			t.Errorf("%d: %v", c.width, b)
		}
		if !is(m, 5, 5, c.want) || !is(m, b.Dx()-5, c.height-5, c.want) || is(m, 5, c.height+5, c.want) {
			t.Errorf("%d: another picture", c.width)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A program that does not answer is ended, and one that is no browser is said.
func TestNoBrowser(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("no shell")
	}
	script := func(body string) string {
		path := filepath.Join(t.TempDir(), "browser")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := browser.Take(ctx, script("exec sleep 60"), browser.Shot{Width: 360}); !delivery.Is(err, delivery.KindCancelled) || time.Since(begin) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
	if _, err := browser.Take(t.Context(), script("echo no display >&2; exit 1"), browser.Shot{Width: 360}); !delivery.Is(err, delivery.KindIO) {
		t.Errorf("%v", err)
	}
}

// Only names that are known are looked for, on the PATH.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if got := browser.Find(); got != "" && filepath.Dir(got) == dir {
		t.Errorf("found %s", got)
	}
	want := filepath.Join(dir, "google-chrome")
	if err := os.WriteFile(want, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := browser.Find(); got != want {
		t.Errorf("found %q, want %s", got, want)
	}
}
