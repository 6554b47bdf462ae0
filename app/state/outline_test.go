package state_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sendoff/app/state"
)

const anAsset = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// brief writes an outline in a line a block.
func brief(o state.Outline) string {
	var out []string
	for _, b := range o.Blocks {
		var s strings.Builder
		for _, x := range b.Spans {
			t := x.Text
			if x.Bold {
				t = "*" + t + "*"
			}
			if x.Italic {
				t = "/" + t + "/"
			}
			if x.Link != "" {
				t = "[" + t + "](" + x.Link + ")"
			}
			s.WriteString(t)
		}
		line := s.String()
		switch b.Kind {
		case state.OutlineHeading:
			line = fmt.Sprintf("h%d %s", b.Level, line)
		case state.OutlineItem:
			line = strings.Repeat(">", b.Level) + b.Mark + " " + line
		case state.OutlineButton:
			line = "button " + line + " " + b.Fill + " " + b.Link
		case state.OutlineRule:
			line = "---"
		case state.OutlineImage:
			line = fmt.Sprintf("image %s %q %d remote=%v %s", b.Asset, b.Alt, b.Width, b.Remote, b.Link)
		}
		if b.Center {
			line += " (centred)"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestOutline(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"text", "<p>Hello  <b>big\n world</b>,<br>next</p>tail", "Hello *big world*,\nnext\ntail"},
		{"tables", `<table><tr><td>left</td><td align="center"><span>right</span></td></tr></table>`, "left\nright (centred)"},
		// What centres a table in its cell does not centre the text of the table.
		{"centred tables", `<table align="center"><tr><td align="center">one<table><tr><td>two<p align="center">three</p></td></tr></table></td></tr></table><center><table><td>four</table>five</center>`,
			"one (centred)\ntwo\nthree (centred)\nfour\nfive (centred)"},
		{"centred by style", `<div style="text-align:center"><table><td>one<div align="left">two</div></table></div><div align="center" style="text-align:left">three</div>`,
			"one (centred)\ntwo\nthree"},
		{"headings", "<h1>One</h1><h2>Two <i>too</i></h2>", "h1 One\nh2 Two /too/"},
		{"words before a block", `<div>before<h2>Two</h2>after<center>mid</center>end<ul><li>a</ul></div>`, "before\nh2 Two\nafter\nmid (centred)\nend\n>• a"},
		{"lists", "<ul><li>a<li>b <ol start=3><li>c</ol></ul>after", ">• a\n>• b\n>>3. c\nafter"},
		{"links", `<p>see <a href="https://a.example/x">here</a></p>`, "see [here](https://a.example/x)"},
		{"buttons", `<a href="https://a.example" style="background-color:#0B5; display:inline-block"> Shop <b>now</b></a>
			<table><tr><td bgcolor="#112233"><a href="#x" style="display:block;color:#fff">Cell</a></td></tr></table>`,
			"button Shop now #00bb55 https://a.example\nbutton Cell #112233 #x"},
		{"images", `<a href="https://a.example"><img src="asset:` + anAsset + `" alt="Tulips" width="300" height=200></a><img src="https://b.example/x.png" alt=""><img src=x width=1 height=1>`,
			`image ` + anAsset + ` "Tulips" 300 remote=false https://a.example` + "\n" + `image  "" 0 remote=true `},
		{"hidden", `<head><title>T</title><style>p{}</style></head><span style="display:none">preheader</span><div hidden>x</div><script>alert(1)</script><iframe src=x>y</iframe><p>seen</p>`, "seen"},
		{"blank", "<p>&nbsp;</p><p>&zwnj;&#847;</p><hr>", "---"},
		{"outlook", "<!--[if mso]><p>mso</p><![endif]--><p>all</p>", "all"},
		{"broken", "<p>a<div>b</p></span><td>c", "a\nb\nc"},
		{"nothing", "", ""},
	} {
		if got := brief(state.OutlineOf(c.html)); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

// However long a message is, its outline is bounded and says so.
func TestOutlineIsBounded(t *testing.T) {
	for _, html := range []string{strings.Repeat("<p>x</p>", 5000), "<p>" + strings.Repeat("long ", 50_000), strings.Repeat("<div>", 100_000)} {
		o := state.OutlineOf(html)
		if len(o.Blocks) > 600 || len(html) != 500_000 && !o.Cut && len(o.Blocks) > 0 {
			t.Errorf("%d blocks, cut %v", len(o.Blocks), o.Cut)
		}
	}
}

// What is drawn never leads to anything that is loaded or run.
func FuzzOutline(f *testing.F) {
	f.Add(`<a href="javascript:x" style="background:#fff"><img src=asset:x><p>a<ul><li>b`)
	f.Fuzz(func(t *testing.T, html string) {
		a := state.OutlineOf(html)
		if !reflect.DeepEqual(a, state.OutlineOf(html)) {
			t.Error("not the same twice")
		}
		for _, b := range a.Blocks {
			if b.Kind == state.OutlineText && len(b.Spans) == 0 {
				t.Errorf("an empty paragraph of %q", html)
			}
		}
	})
}
