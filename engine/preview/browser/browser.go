package browser

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// Bounds of a picture, in pixels, and of its making.
const (
	maxHeight = 6000
	minWindow = 600 // browsers make no narrower one
	patience  = 30 * time.Second
)

// names are what Chromium and its relatives are called on a PATH.
func names() []string {
	return []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser", "vivaldi-stable"}
}

// places are where they are on systems on which no PATH leads to them.
func places() []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
			"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge", "/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"}
	case "windows":
		var out []string
		for _, root := range []string{os.Getenv("ProgramFiles"), os.Getenv("ProgramFiles(x86)"), os.Getenv("LocalAppData")} {
			if root != "" {
				out = append(out, filepath.Join(root, `Google\Chrome\Application\chrome.exe`), filepath.Join(root, `Microsoft\Edge\Application\msedge.exe`))
			}
		}
		return out
	}
	return nil
}

// Find returns the program of an installed browser, or an empty string.
func Find() string {
	for _, name := range names() {
		if path, err := exec.LookPath(name); err == nil {
			if path, err = filepath.Abs(path); err == nil {
				return path
			}
		}
	}
	for _, path := range places() {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path
		}
	}
	return ""
}

// Shot is what a picture is taken of.
type Shot struct {
	Document []byte // HTML of one piece
	Width    int    // of the window that shows it, in CSS pixels
	Scale    int    // pixels of the picture for each of them; 0: 1
}

// Take starts a browser and takes a picture of a document from its top to the end of
// its content, 6,000 CSS pixels at most. KindTimeout when it takes too long, KindCancelled
// when ctx ends, KindIO for all else that goes wrong; File is the program.
func Take(ctx context.Context, program string, s Shot) (image.Image, error) {
	fail := func(kind delivery.Kind, err error) error {
		return &delivery.Error{Op: "picture", Kind: kind, File: program, Err: err}
	}
	dir, err := os.MkdirTemp("", "sendoff-picture-")
	if err != nil {
		return nil, fail(delivery.KindIO, err)
	}
	defer os.RemoveAll(dir) // a browser that is dying may still write there: what stays is in the system's temporary folder
	scale := max(1, s.Scale)
	files := map[string][]byte{"message.html": s.Document, "frame.html": frame(s.Width)}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return nil, fail(delivery.KindIO, err)
		}
	}
	out := filepath.Join(dir, "picture.png")
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := exec.CommandContext(limited, program, arguments(dir, out, s.Width, scale)...)
	c.Dir = dir
	c.Env = environment(os.Environ(), dir)
	c.WaitDelay = 2 * time.Second
	var said bytes.Buffer
	c.Stderr = &limitedBuffer{b: &said, left: 4 << 10}
	err = c.Run()
	switch {
	case ctx.Err() != nil:
		return nil, fail(delivery.KindCancelled, ctx.Err())
	case limited.Err() != nil:
		return nil, fail(delivery.KindTimeout, limited.Err())
	}
	f, openErr := os.Open(out)
	if openErr != nil {
		return nil, fail(delivery.KindIO, fmt.Errorf("%w: %s", firstOf(err, openErr), lastLine(said.String())))
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return nil, fail(delivery.KindIO, err)
	}
	return crop(m, s.Width*scale), nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// frame is a page that shows the message at a width: a window of its own cannot be as
// narrow as a telephone.
func frame(width int) []byte {
	return fmt.Appendf(nil, `<!DOCTYPE html><meta charset="utf-8"><style>html,body{margin:0;background:#fff}iframe{display:block;border:0;width:%dpx;height:%dpx}</style><iframe src="%s" sandbox></iframe>`,
		width, maxHeight, html.EscapeString("message.html"))
}

func arguments(dir, out string, width, scale int) []string {
	args := []string{
		"--headless", "--disable-gpu", "--hide-scrollbars", "--mute-audio",
		"--user-data-dir=" + filepath.Join(dir, "profile"),
		"--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync", "--disable-default-apps",
		"--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-breakpad", "--no-pings",
		// Nothing is fetched: no name has an address, and what needs none finds no way.
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
		"--force-device-scale-factor=" + strconv.Itoa(scale), "--force-color-profile=srgb",
		"--window-size=" + strconv.Itoa(max(width, minWindow)) + "," + strconv.Itoa(maxHeight),
		"--screenshot=" + out,
		"file://" + filepath.ToSlash(filepath.Join(dir, "frame.html")),
	}
	if os.Geteuid() == 0 {
		// Chromium does not start for root otherwise; then nothing is lost that root has not lost.
		args = append([]string{"--no-sandbox"}, args...)
	}
	return args
}

// environment lets the browser keep its things in its own folder.
func environment(env []string, dir string) []string {
	return append(env, "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir)
}

// crop keeps the width of the message, and of its height all above the last rows of one
// colour, with a margin.
func crop(m image.Image, width int) image.Image {
	b := m.Bounds()
	rgba := image.NewRGBA(image.Rect(0, 0, min(width, b.Dx()), b.Dy()))
	draw.Draw(rgba, rgba.Bounds(), m, b.Min, draw.Src)
	row := func(y int) []byte { return rgba.Pix[y*rgba.Stride : y*rgba.Stride+4*rgba.Rect.Dx()] }
	last := row(b.Dy() - 1)
	plain := bytes.Equal(last[4:], last[:len(last)-4])
	end := b.Dy()
	for plain && end > 1 && bytes.Equal(row(end-1), last) {
		end--
	}
	end = min(end+16, b.Dy())
	return rgba.SubImage(image.Rect(0, 0, rgba.Rect.Dx(), end))
}

// limitedBuffer keeps the beginning of what is written.
type limitedBuffer struct {
	b    *bytes.Buffer
	left int
}

func (l *limitedBuffer) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.b.Write(p[:n])
	l.left -= n
	return len(p), nil
}
