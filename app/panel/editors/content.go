package editors

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/draft"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// ContentFrom opens the editor with the HTML of a file.
func ContentFrom(env *panel.Env, v delivery.View, path string) {
	loadHTML(env, path, func(html string, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		v.Content.HTML = html
		Content(env, v)
		env.Toast(env.Text.T("edit.loaded", "file", filepath.Base(path)), state.Green)
	})
}

// Content edits what a delivery says.
func Content(env *panel.Env, v delivery.View) {
	bridge.Run(env.Bridge, "accounts", func(ctx context.Context) ([]delivery.Account, error) {
		return env.Engine.Accounts(ctx)
	}, func(as []delivery.Account, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		content(env, v, as)
	})
}

func content(env *panel.Env, v delivery.View, accounts []delivery.Account) {
	c := env.Text
	var f *widgets.Form
	entry := func(value, hint string) *kit.Entry {
		e := kit.NewEntry(hint)
		e.SetText(value)
		return e
	}
	k := v.Content
	label, from := entry(v.Label, c.T("edit.label_hint")), entry(k.From, c.T("edit.from_hint"))
	reply, subject := entry(k.ReplyTo, c.T("edit.reply_to_hint")), entry(k.Subject, "")
	pre := entry(k.Preheader, c.T("edit.preheader_hint"))
	html, plain := kit.NewArea("", 7, true), kit.NewArea(c.T("edit.text_hint"), 4, false)
	html.SetText(k.HTML)
	plain.SetText(k.Text)
	relays := newRelayFields(env, accounts, v.Draft)
	load := kit.NewLink(c.T("edit.load_html"), func() {
		env.Pick(c.T("edit.load_html"), []string{".html", ".htm"}, func(path string) {
			loadHTML(env, path, func(s string, err error) {
				if err != nil {
					f.SetError(c.Error(err))
					return
				}
				f.SetError("")
				html.SetText(s)
				env.Toast(c.T("edit.loaded", "file", filepath.Base(path)), state.Green)
			})
		})
	})
	inputs := map[string]*kit.Entry{"label": label, "from": from, "reply_to": reply, "subject": subject, "preheader": pre, "html": html, "text": plain}
	key := "content/" + v.ID.String()
	keep := draft.Keep(env, key, func() string { return typed(inputs) })
	for _, e := range inputs {
		e.SetOnChanged(func(string) { keep.Changed() })
	}
	fields := []fyne.CanvasObject{kit.NewFields(
		kit.Field{Label: c.T("edit.label"), Input: label},
		kit.Field{Label: c.T("edit.from"), Input: from},
		kit.Field{Label: c.T("edit.reply_to"), Input: reply},
		kit.Field{Label: c.T("edit.subject"), Input: subject},
		kit.Field{Label: c.T("edit.preheader"), Input: pre},
		kit.Field{Label: c.T("edit.html"), Input: html, Below: load},
		kit.Field{Label: c.T("edit.text"), Input: plain},
		kit.Field{Label: c.T("edit.account"), Input: relays.box},
	)}
	fields = append(fields, sealNote(env, v)...)
	f = open(env, c.T("edit.content"), c.T("common.save"), fields, func(f *widgets.Form) {
		d := v.Draft
		d.Label = strings.TrimSpace(label.Text())
		d.Content = delivery.Content{From: strings.TrimSpace(from.Text()), ReplyTo: strings.TrimSpace(reply.Text()),
			Subject: subject.Text(), Preheader: pre.Text(), HTML: html.Text(), Text: plain.Text()}
		if len(accounts) > 0 {
			d.SetVia(relays.list())
		}
		store(env, f, v, d)
	}, keep.Forget)
	relays.fit = f.Fit
	draft.Take(env, key, func(value string) {
		var kept map[string]string
		if json.Unmarshal([]byte(value), &kept) != nil {
			return
		}
		for name, s := range kept {
			if e := inputs[name]; e != nil {
				e.SetText(s)
			}
		}
		env.Toast(c.T("common.restored"), state.Blue)
		f.Fit()
	})
}

// typed is what stands in inputs, as it is kept.
func typed(inputs map[string]*kit.Entry) string {
	now := map[string]string{}
	for name, e := range inputs {
		now[name] = e.Text()
	}
	b, _ := json.Marshal(now) // plain strings
	return string(b)
}

// maxHTML is the largest file that is loaded; no mailbox shows more.
const maxHTML = 4 << 20

// loadHTML reads a file off the UI goroutine.
func loadHTML(env *panel.Env, path string, done func(string, error)) {
	bridge.Run(env.Bridge, "load html", func(context.Context) (string, error) {
		fail := func(k delivery.Kind, err error) (string, error) {
			return "", &delivery.Error{Op: "load", Kind: k, File: path, Err: err}
		}
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fail(delivery.KindNoFile, err)
		case errors.Is(err, fs.ErrPermission):
			return fail(delivery.KindPermission, err)
		case err != nil:
			return fail(delivery.KindIO, err)
		case info.IsDir() || info.Size() > maxHTML:
			return fail(delivery.KindTooLarge, nil)
		}
		b, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrPermission):
			return fail(delivery.KindPermission, err)
		case err != nil:
			return fail(delivery.KindIO, err)
		case !utf8.Valid(b):
			return "", &delivery.Error{Op: "load", Kind: delivery.KindEncoding, File: path, Line: invalidLine(b)}
		}
		return strings.TrimPrefix(string(b), "\ufeff"), nil
	}, done)
}

// invalidLine is the first line that is not UTF-8, from 1.
func invalidLine(b []byte) int {
	line := 1
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		b = b[n:]
	}
	return line
}
