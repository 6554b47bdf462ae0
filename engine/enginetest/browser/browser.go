// Package browser lays HTML out in a headless Chromium, for tests. It speaks the
// DevTools protocol over a pipe, so nothing listens and nothing is reached: the
// browser has a user folder of its own, and a proxy that is not there.
//
// A Browser and its pages belong to the test that started them, and may be used
// from one goroutine at a time.
package browser

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long an answer may take.
const patience = 60 * time.Second

// Browser is a running Chromium.
type Browser struct {
	t       testing.TB
	to      *os.File
	answers chan answer
	id      int
	session string
	frame   string
}

type answer struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// Find returns the Chromium to use: that of the environment variable CHROMIUM,
// the one that .ci/deps browser made, or one of the system; or "".
func Find() string {
	if c := os.Getenv("CHROMIUM"); c != "" {
		return c
	}
	if wd, err := os.Getwd(); err == nil {
		for dir := wd; ; dir = filepath.Dir(dir) {
			c := filepath.Join(dir, "build", "tools", "chromium")
			if _, err := os.Stat(c); err == nil {
				return c
			}
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || dir == filepath.Dir(dir) {
				break
			}
		}
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if c, err := exec.LookPath(name); err == nil {
			return c
		}
	}
	return ""
}

// Start starts a browser that ends with the test. Without a Chromium the test is
// skipped.
func Start(t testing.TB) *Browser {
	t.Helper()
	program := Find()
	if program == "" {
		t.Skip("there is no Chromium: .ci/deps browser unpacks one, or set CHROMIUM")
	}
	if err := exec.Command(program, "--version").Run(); err != nil {
		t.Skipf("%s does not start (%v): .ci/deps browser unpacks another, or set CHROMIUM", program, err)
	}
	inR, inW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--proxy-server=127.0.0.1:9", "--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{inR, outW}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	inR.Close()
	outW.Close()
	b := &Browser{t: t, to: inW, answers: make(chan answer, 64)}
	go b.listen(outR)
	t.Cleanup(func() {
		b.send("Browser.close", nil, "")
		done := make(chan struct{})
		go func() { _ = cmd.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-done
		}
		inW.Close()
		outR.Close()
	})
	b.open()
	return b
}

// listen reads answers; events are not for us.
func (b *Browser) listen(from *os.File) {
	defer close(b.answers)
	r := bufio.NewReaderSize(from, 1<<20)
	for {
		line, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var a answer
		if json.Unmarshal(line[:len(line)-1], &a) == nil && a.ID > 0 {
			b.answers <- a
		}
	}
}

func (b *Browser) send(method string, params any, session string) {
	b.id++
	if params == nil {
		params = struct{}{}
	}
	m := map[string]any{"id": b.id, "method": method, "params": params}
	if session != "" {
		m["sessionId"] = session
	}
	data, err := json.Marshal(m)
	if err == nil {
		_, err = b.to.Write(append(data, 0))
	}
	if err != nil {
		b.t.Logf("%s: %v", method, err)
	}
}

// call waits for an answer.
func (b *Browser) call(method string, params, result any) {
	b.t.Helper()
	b.send(method, params, b.session)
	deadline := time.After(patience)
	for {
		select {
		case a, ok := <-b.answers:
			switch {
			case !ok:
				b.t.Fatalf("%s: the browser is gone", method)
			case a.ID != b.id:
				continue
			case a.Error != nil:
				b.t.Fatalf("%s: %s", method, a.Error.Message)
			case result != nil:
				if err := json.Unmarshal(a.Result, result); err != nil {
					b.t.Fatalf("%s: %v", method, err)
				}
			}
			return
		case <-deadline:
			b.t.Fatalf("%s: no answer", method)
		}
	}
}

// open makes a page.
func (b *Browser) open() {
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	b.session = session.SessionID
	var tree struct {
		FrameTree struct{ Frame struct{ ID string } }
	}
	b.call("Page.enable", nil, nil)
	b.call("Page.getFrameTree", nil, &tree)
	b.frame = tree.FrameTree.Frame.ID
}

// Show lays out HTML in a window of so many pixels, by day or by night, and
// waits for its pictures.
func (b *Browser) Show(html string, width int, dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	b.call("Page.setDocumentContent", map[string]any{"frameId": b.frame, "html": html}, nil)
	var ok bool
	b.Eval(`Promise.all([...document.images].map(i => i.decode().catch(() => 0))).then(() => true)`, &ok)
}

// Eval runs a script in the page and reads what it, or its promise, yields.
func (b *Browser) Eval(script string, into any) {
	b.t.Helper()
	var r struct {
		Result struct {
			Value json.RawMessage
		}
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	b.call("Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true, "returnByValue": true}, &r)
	if r.ExceptionDetails != nil {
		b.t.Fatalf("script: %s %s", r.ExceptionDetails.Text, r.ExceptionDetails.Exception.Description)
	}
	if err := json.Unmarshal(r.Result.Value, into); err != nil {
		b.t.Fatalf("script: %v: %s", err, r.Result.Value)
	}
}

// Picture returns the whole page as it looks: "png", or "jpeg" of a quality.
func (b *Browser) Picture(format string, quality int) []byte {
	b.t.Helper()
	var height float64
	b.Eval(`document.documentElement.scrollHeight`, &height)
	var width float64
	b.Eval(`window.innerWidth`, &width)
	return b.Clip(format, quality, width, height, 1)
}

// Clip returns the upper left of the page, in CSS pixels, scaled.
func (b *Browser) Clip(format string, quality int, width, height, scale float64) []byte {
	b.t.Helper()
	params := map[string]any{"format": format, "captureBeyondViewport": true, "clip": map[string]any{"x": 0, "y": 0, "width": width, "height": height, "scale": scale}}
	if format == "jpeg" {
		params["quality"] = quality
	}
	var shot struct{ Data string }
	b.call("Page.captureScreenshot", params, &shot)
	data, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		b.t.Fatal(fmt.Errorf("picture: %w", err))
	}
	return data
}
