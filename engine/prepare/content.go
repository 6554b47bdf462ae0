package prepare

import (
	"strings"

	"sendoff/engine/check"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Content finds what a preparation would find about the content of a draft, as far
// as that needs nobody's data, and what helps while it is written: merge tags
// without a default. columns are the fields of its audience; asset, which may be
// nil, tells about stored pictures.
func Content(d delivery.Draft, columns []string, asset func(hash string) (delivery.Asset, bool)) []delivery.Finding {
	t, out := message.Compile(d.Content)
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
	for _, f := range check.Content(check.Input{Content: d.Content, Asset: asset, Writing: true}) {
		if f.Code != delivery.FindNoDefault || !unknown[f.Detail] { // nobody has it; said already
			out = append(out, f)
		}
	}
	return out
}
