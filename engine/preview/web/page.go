package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
)

// Policies of the answers. Under all of them scripts, frames of others, forms, fonts,
// media and connections are off, and the document has an origin of its own.
const (
	policyMessage  = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"
	policyNoImages = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
	policyFile     = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"
	policyFrame    = "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; sandbox"
)

// head sets what every answer says.
func head(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-DNS-Prefetch-Control", "off")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// refuse answers with a status and nothing that was asked.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Connection", "close")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(strconv.Itoa(status) + "\n"))
}

// View is how a message is shown.
type View struct {
	Profile int64 // 0: who is not stored
	Desktop bool  // 1280 wide, else 360
	Text    bool  // its text part
	Dark    bool
	Plain   bool // without images
}

// query is what a link to a view says.
func (v View) query() string {
	q := url.Values{}
	if v.Profile != 0 {
		q.Set("who", strconv.FormatInt(v.Profile, 10))
	}
	for _, f := range []struct {
		name string
		on   bool
	}{{"desktop", v.Desktop}, {"text", v.Text}, {"dark", v.Dark}, {"plain", v.Plain}} {
		if f.on {
			q.Set(f.name, "1")
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// viewOf reads what query writes; anything else is left out.
func viewOf(q url.Values) View {
	var v View
	v.Profile, _ = strconv.ParseInt(q.Get("who"), 10, 64)
	v.Desktop, v.Text, v.Dark, v.Plain = q.Get("desktop") == "1", q.Get("text") == "1", q.Get("dark") == "1", q.Get("plain") == "1"
	return v
}

// serve answers for what lies under the path of a page.
func (p *page) serve(w http.ResponseWriter, r *http.Request, rest string) {
	v := viewOf(r.URL.Query())
	if hash, ok := assetPath(rest); ok {
		p.asset(w, r, hash)
		return
	}
	if rest != "" && rest != "message" {
		refuse(w, http.StatusNotFound)
		return
	}
	m, err := p.source.Message(r.Context(), v.Profile)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if rest == "message" {
		p.message(w, m, v, err)
		return
	}
	w.Header().Set("Content-Security-Policy", policyFrame)
	f := frame{Words: p.words, Message: m, View: v, Width: 360, Source: "message" + v.query()}
	if v.Desktop {
		f.Width = 1280
	}
	if err != nil {
		f.Error = p.words.Sentence(err)
	}
	f.links(r, p.source)
	_ = frameHTML.Execute(w, f) // who looks has gone
}

// message writes the message itself.
func (p *page) message(w http.ResponseWriter, m Message, v View, err error) {
	if v.Plain {
		w.Header().Set("Content-Security-Policy", policyNoImages)
	}
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	switch {
	case err != nil:
		_ = textHTML.Execute(w, plainText{p.words.Language, scheme, p.words.Sentence(err)})
	case v.Text || m.HTML == "":
		_ = textHTML.Execute(w, plainText{p.words.Language, scheme, m.Text})
	default:
		_, _ = w.Write(Harmless(m.HTML, "asset/", v.Dark))
	}
}

// asset writes a picture.
func (p *page) asset(w http.ResponseWriter, r *http.Request, hash string) {
	media, data, err := p.source.Asset(r.Context(), hash)
	if err != nil {
		refuse(w, http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data)
}

type plainText struct{ Language, Scheme, Text string }

// frame is the page around a message.
type frame struct {
	Words
	Message
	View
	Width  int
	Source string
	Error  string
	Groups [][]link
}

type link struct {
	Text string
	To   string // empty: there is nothing to go to
	Here bool
}

// links makes the links of the page: they say all that it shows, so it needs no script
// and no memory.
func (f *frame) links(r *http.Request, s Source) {
	at := f.View
	choice := func(text string, set func(*View)) link {
		v := at
		set(&v)
		return link{Text: text, To: "./" + v.query(), Here: v == at}
	}
	step := func(text string, n int) link {
		id, ok := s.Neighbour(r.Context(), at.Profile, n)
		if !ok {
			return link{Text: text}
		}
		v := at
		v.Profile = id
		return link{Text: text, To: "./" + v.query()}
	}
	w := f.Words
	f.Groups = [][]link{
		{step("‹ "+w.Previous, -1), step(w.Next+" ›", 1)},
		{choice(w.Phone, func(v *View) { v.Desktop = false }), choice(w.Desktop, func(v *View) { v.Desktop = true })},
		{choice(w.HTML, func(v *View) { v.Text = false }), choice(w.Text, func(v *View) { v.Text = true })},
		{choice(w.Images, func(v *View) { v.Plain = false }), choice(w.NoImages, func(v *View) { v.Plain = true })},
		{choice(w.Light, func(v *View) { v.Dark = false }), choice(w.Dark, func(v *View) { v.Dark = true })},
	}
}

var textHTML = template.Must(template.New("text").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><style>
:root { color-scheme: {{.Scheme}} }
pre { margin: 16px; font: 14px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
</style></head><body><pre>{{.Text}}</pre></body></html>
`))

var frameHTML = template.Must(template.New("frame").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}"><head><meta charset="utf-8"><title>{{.Message.Subject}}</title><style>
:root { color-scheme: light dark; --line: #d9dee6; --ground: #f4f5f7; --surface: #fff; --ink: #14202f; --muted: #5b6577; --blue: #1d67db }
@media (prefers-color-scheme: dark) { :root { --line: #2c3a4e; --ground: #0b121d; --surface: #131d2c; --ink: #e6ebf2; --muted: #98a4b8; --blue: #6aa6ff } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.45 system-ui, sans-serif }
header { padding: 14px 20px 12px; background: var(--surface); border-bottom: 1px solid var(--line) }
h1 { margin: 0 0 2px; font-size: 17px; font-weight: 600; overflow-wrap: anywhere }
header p { margin: 0; color: var(--muted); overflow-wrap: anywhere }
nav { display: flex; flex-wrap: wrap; gap: 8px 12px; margin-top: 10px }
nav span { display: inline-flex; border: 1px solid var(--line); border-radius: 8px; overflow: hidden }
nav a, nav b, nav i { padding: 4px 11px; font-style: normal; font-weight: 500; color: var(--ink); text-decoration: none }
nav a:hover { background: var(--ground) }
nav a:focus-visible { outline: 2px solid var(--blue); outline-offset: -2px }
nav b { background: var(--blue); color: #fff }
@media (prefers-color-scheme: dark) { nav b { color: #0e1726 } }
nav i { color: var(--muted); opacity: .6 }
main { padding: 20px; overflow-x: auto; text-align: center }
iframe { display: block; box-sizing: content-box; margin: 0 auto; height: max(480px, calc(100vh - 200px)); background: #fff; border: 1px solid var(--line); border-radius: 10px }
footer { padding: 0 20px 16px; color: var(--muted); font-size: 12px; text-align: center }
.error { max-width: 640px; margin: 0 auto; padding: 12px 16px; text-align: left; background: var(--surface); border: 1px solid var(--line); border-radius: 10px }
</style></head><body>
<header>
<h1>{{with .Message.Subject}}{{.}}{{else}}–{{end}}</h1>
<p>{{.Words.From}}: {{.Message.From}} &nbsp;·&nbsp; {{.Words.To}}: {{.Message.Address}}{{with .Message.Preheader}} &nbsp;·&nbsp; {{.}}{{end}}</p>
<nav>{{range .Groups}}<span>{{range .}}{{if .Here}}<b aria-current="true">{{.Text}}</b>{{else if .To}}<a href="{{.To}}">{{.Text}}</a>{{else}}<i>{{.Text}}</i>{{end}}{{end}}</span>{{end}}</nav>
</header>
<main>{{if .Error}}<p class="error">{{.Error}}</p>{{else}}<iframe src="{{.Source}}" width="{{.Width}}" title="{{.Message.Subject}}" referrerpolicy="no-referrer"></iframe>{{end}}</main>
<footer>{{.Note}}</footer>
</body></html>
`))
