package prepare_test

import (
	"slices"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
)

// While it is written, content has the findings that its preparation will have,
// and merge tags without a default besides.
func TestContentAsAPreparationFindsIt(t *testing.T) {
	for _, edit := range []func(*delivery.Content){
		func(*delivery.Content) {},
		func(c *delivery.Content) { c.Subject = "" },
		func(c *delivery.Content) { c.Subject = "SUMMER SALE NOW ON" },
		func(c *delivery.Content) { c.Text = "no way out" },
		func(c *delivery.Content) { c.HTML += "{{ nobody }}" },
		func(c *delivery.Content) { c.HTML += `<a href="">Shop</a>` },
		func(c *delivery.Content) { c.HTML += "{% if %}" },
		func(c *delivery.Content) { c.HTML, c.Text = "", "" },
	} {
		d := draft()
		edit(&d.Content)
		p, _ := run(t, d, []prepare.Target{target(1, "a@x.example"), target(2, "b@x.example")})
		got := slices.DeleteFunc(prepare.Content(d, []string{"name"}, message.Resources{}), func(f delivery.Finding) bool { return f.Code == delivery.FindNoDefault })
		want := slices.DeleteFunc(slices.Clone(p.Findings), func(f delivery.Finding) bool {
			return f.Code == delivery.FindMissingValue || f.Code == delivery.FindRender
		})
		byPlace := func(a, b delivery.Finding) int { return strings.Compare(string(a.Code)+a.Part, string(b.Code)+b.Part) }
		slices.SortStableFunc(got, byPlace)
		slices.SortStableFunc(want, byPlace)
		if !slices.Equal(got, want) {
			t.Errorf("written: %+v\nprepared: %+v", got, want)
		}
	}
	d := draft()
	d.Content.HTML += "{{ city }} {{ nobody }}"
	var codes []string
	for _, f := range prepare.Content(d, []string{"city"}, message.Resources{}) {
		codes = append(codes, string(f.Code)+" "+f.Detail)
	}
	if !slices.Contains(codes, "merge_tag_no_default city") || !slices.Contains(codes, "merge_tag_unknown nobody") || slices.Contains(codes, "merge_tag_no_default nobody") {
		t.Errorf("%q", codes)
	}
}
