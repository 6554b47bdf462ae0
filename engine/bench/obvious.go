package main

import (
	"context"
	"fmt"
	htmltemplate "html/template"
	"io"
	"net"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/wneessen/go-mail"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/sandbox"
)

// obvious writes the letter as one does at first: html/template for the HTML,
// text/template for the rest, go-mail for the message. It is safe for concurrent
// use.
type obvious struct {
	from          string
	html          *htmltemplate.Template
	text, subject *texttemplate.Template
}

func newObvious(c delivery.Content) (*obvious, error) {
	// The text part that the engine makes of the HTML, in Go's language too.
	text := message.TextFromHTML(c.HTML)
	o := &obvious{from: c.From}
	var err error
	if o.html, err = htmltemplate.New("html").Parse(inGo(c.HTML)); err != nil {
		return nil, err
	}
	if o.text, err = texttemplate.New("text").Parse(inGo(text)); err != nil {
		return nil, err
	}
	o.subject, err = texttemplate.New("subject").Parse(inGo(c.Subject))
	return o, err
}

// inGo writes the letter's Liquid in the language of Go's templates:
// {{ name | default: "x" }} becomes {{or .name "x"}}.
func inGo(liquid string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(liquid, "{{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		tag, after, _ := strings.Cut(rest, "}}")
		name, fallback, has := strings.Cut(strings.TrimSpace(tag), "| default:")
		if has {
			fmt.Fprintf(&b, "{{or .%s %s}}", strings.TrimSpace(name), strings.TrimSpace(fallback))
		} else {
			fmt.Fprintf(&b, "{{.%s}}", name)
		}
		liquid = after
	}
}

// write writes the message to one person.
func (o *obvious) write(w io.Writer, values map[string]string, seq int) error {
	var line strings.Builder
	if err := o.subject.Execute(&line, values); err != nil {
		return err
	}
	m := mail.NewMsg()
	if err := m.From(o.from); err != nil {
		return err
	}
	if err := m.To(values["email"]); err != nil {
		return err
	}
	m.Subject(line.String())
	m.SetDateWithValue(time.Now())
	m.SetMessageIDWithValue(fmt.Sprintf("%d@acme.example", seq))
	m.SetGenHeader(mail.HeaderListUnsubscribe, "<"+values["unsubscribe_url"]+">")
	if err := m.SetBodyTextTemplate(o.text, values); err != nil {
		return err
	}
	if err := m.AddAlternativeHTMLTemplate(o.html, values); err != nil {
		return err
	}
	_, err := m.WriteTo(w)
	return err
}

// acquaintances are people to write to, with what a template may say of them.
// There are a thousand; who needs more begins anew, so that reading them costs
// nothing.
func acquaintances() []map[string]string {
	var all []map[string]string
	columns := sandbox.Columns()
	for p := range sandbox.People(1, 1000) {
		m := map[string]string{"unsubscribe_url": fmt.Sprintf("mailto:news@acme.example?subject=unsubscribe%%20%032d", len(all))}
		for i, v := range p.Values() {
			m[columns[i]] = v
		}
		all = append(all, m)
	}
	return all
}

// obviousSend renders and sends with go-smtp's client, one message behind the
// other on each connection, and writes nothing down.
func obviousSend(_ context.Context, o options, addr string, _ int64) (result, error) {
	ob, err := newObvious(letter())
	if err != nil {
		return result{}, err
	}
	people := acquaintances()
	start, before := time.Now(), cpu()
	err = connect(o, addr, func(c net.Conn, first, n int) error { return ob.send(c, people, first, n) })
	return result{took: time.Since(start), ours: cpu() - before}, err
}

func (o *obvious) send(conn net.Conn, people []map[string]string, first, n int) error {
	c := smtp.NewClient(conn)
	if err := c.Hello("bench"); err != nil {
		return err
	}
	for i := first; i < first+n; i++ {
		p := people[i%len(people)]
		if err := c.Mail("news@acme.example", nil); err != nil {
			return err
		}
		if err := c.Rcpt(p["email"], nil); err != nil {
			return err
		}
		w, err := c.Data()
		if err != nil {
			return err
		}
		if err := o.write(w, p, i); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return c.Quit()
}
