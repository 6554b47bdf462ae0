package prepare

import (
	"strings"

	"sendoff/engine/check"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Content finds what a preparation would find about the content of a draft, as far
// as that needs nobody's data, and what helps while it is written: merge tags
// without a default. columns are the fields of its audience; from is what the
// content refers to, of whose files the beginning is enough.
func Content(d delivery.Draft, columns []string, from message.Resources) []delivery.Finding {
	t, out := message.CompileWith(d.Content, from)
	if c := d.Content; strings.TrimSpace(c.HTML) == "" && strings.TrimSpace(c.Text) == "" {
		out = append(out, finding(delivery.FindContentEmpty, delivery.SeverityError, ""))
	}
	r := &run{in: Input{Draft: d, Columns: columns}, t: t}
	out = append(out, r.beforePersonalisation()...)
	unknown := map[string]bool{}
	for _, f := range out {
		if f.Code == delivery.FindUnknownField {
			unknown[f.Detail] = true
		}
	}
	in := check.Input{Content: d.Content, Asset: pictures(from)}
	if t != nil {
		in.Uses = t.Fields()
	}
	for _, f := range check.Content(in) {
		if f.Code != delivery.FindNoDefault || !unknown[f.Detail] { // nobody has it; said already
			out = append(out, f)
		}
	}
	return out
}

// pictures tells about the stored pictures among what a content refers to.
func pictures(from message.Resources) func(hash string) (delivery.Asset, bool) {
	if from.Asset == nil {
		return nil
	}
	return func(hash string) (delivery.Asset, bool) {
		a, _, err := from.Asset(hash)
		return a, err == nil
	}
}
