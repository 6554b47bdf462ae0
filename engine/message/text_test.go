package message

import (
	"testing"

	"sendoff/engine/delivery"
)

func TestTextFromHTML(t *testing.T) {
	for _, c := range []struct{ html, want string }{
		{"", ""},
		{"plain", "plain\n"},
		{"<p>one</p><p>two</p>", "one\n\ntwo\n"},
		{"<h1>Title</h1>text <b>bold</b>\n  and   <i>more</i>", "Title\n\ntext bold and more\n"},
		{"one<br>two<br/><br>three", "one\ntwo\n\nthree\n"},
		{"<ul><li>one</li><li><p>two</p></li></ul>after", "- one\n- two\n\nafter\n"},
		{"<div>a</div><div>b</div>", "a\nb\n"},
		{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\nb\nc\n"},
		{`<a href="https://x.example/a">Read</a> on`, "Read <https://x.example/a> on\n"},
		{`<a href="https://x.example/">x.example</a>`, "x.example\n"},
		{`<a href="mailto:a@x.example">a@x.example</a>`, "a@x.example\n"},
		{`<a href="#top">top</a> <a>none</a> <a href="javascript:x">js</a>`, "top none js\n"},
		{`<a href="https://x.example"><img src="x.png" alt="Shop"></a>`, "Shop <https://x.example>\n"},
		{`<a href="https://x.example"><img src="x.png"></a>`, "<https://x.example>\n"},
		{"a<style>b{c}</style><script>d</script><!-- e --><!--[if mso]>f<![endif]-->g", "ag\n"},
		{"<head><title>t</title><meta charset=utf-8></head><body>b</body>", "b\n"},
		{`a<div style="Display : NONE">hidden<div>deeper</div><br></div>b<span hidden>c</span>`, "ab\n"},
		{"&lt;b&gt; &amp; caf&eacute;&nbsp;&#8364;", "<b> & café €\n"},
		{"x&shy;y&zwnj;&#847;z&#8203;", "xy\u200cz\n"},
		{"<p>unclosed <b>tags", "unclosed tags\n"},
		{"a</div></p></a>b", "a\n\nb\n"},
		{"a < b & c > d", "a < b & c > d\n"},
		{`<p>{{ first_name | default: "x" }}</p>`, "{{ first_name | default: \"x\" }}\n"},
		{`<a href="{{ url | default: "https://x.example/?a=1&b=2" }}">Go</a>`, "Go <{{ url | default: \"https://x.example/?a=1&b=2\" }}>\n"},
		{`<a href='https://x.example/{{ id }}'>Go</a>`, "Go <https://x.example/{{ id }}>\n"},
		{`<a href="{{ url }}">{{ url }}</a>`, "{{ url }}\n"},
		{`<a href="{% if a > b %}x{% else %}y{% endif %}">Go</a>`, "Go <{% if a > b %}x{% else %}y{% endif %}>\n"},
		{"{% if a < b %}<p>one</p>{% endif %}<p>two</p>", "{% if a < b %}one{% endif %}\n\ntwo\n"},
		{"<p>zero</p>{% if a %}<p>one</p>{% endif %}<p>two</p>", "zero{% if a %}\n\none{% endif %}\n\ntwo\n"},
		{"<p>a {% if b %}c{% else %}d{% endif %}</p>", "a {% if b %}c{% else %}d{% endif %}\n"},
		{"<p>z</p><p>{% if b %}c {% endif %}d</p>", "z{% if b %}\n\nc{% else %}\n\n{% endif %} d\n"},
		{"{% comment %}<p>{{ x }}</p>{% endcomment %}a", "a\n"},
		{"{% raw %}{{ x }}{% endraw %}a", "{% raw %}{{ x }}{% endraw %}a\n"},
		{"&#123;&#123; x }} &#123;% y", "{% raw %}{{{% endraw %} x }} {% raw %}{{% endraw %}% y\n"},
		{"{ x {{ broken", "{ x {% raw %}{{{% endraw %} broken\n"},
	} {
		if got := TextFromHTML(c.html); got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.html, got, c.want)
		}
	}
}

// TestDerivedTextReadsWell renders derived text with conditions both ways.
func TestDerivedTextReadsWell(t *testing.T) {
	for _, c := range []struct{ html, with, without string }{
		{"<p>zero</p>{% if v %}<p>one</p>{% endif %}<p>two</p>", "zero\n\none\n\ntwo\n", "zero\n\ntwo\n"},
		{"<p>zero</p>{% if v %}<p>one</p>{% else %}<p>none</p>{% endif %}<p>two</p>", "zero\n\none\n\ntwo\n", "zero\n\nnone\n\ntwo\n"},
		{"<p>z</p><p>{% if v %}Dear {{ v }}, {% endif %}welcome</p>", "z\n\nDear V, welcome\n", "z\n\n welcome\n"},
		{"<p>a {% if v %}b{% endif %} c</p>", "a b c\n", "a  c\n"},
		{"<ul>{% if v %}<li>a</li>{% endif %}<li>b</li></ul>", "- a\n- b\n", "\n- b\n"},
		{"{% if v %}<p style='display:none'>{% endif %}x</p>y", "y\n", "x\n\ny\n"},
		{"&#123;&#123; v }}", "{{ v }}\n", "{{ v }}\n"},
	} {
		tpl := compile(t, delivery.Content{Subject: "s", HTML: c.html})
		for value, want := range map[string]string{"V": c.with, "": c.without} {
			p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: map[string]string{"v": value}}, envelope())
			if err != nil || p.Text != want {
				t.Errorf("%s with %q: got %q, want %q (%v)", c.html, value, p.Text, want, err)
			}
		}
	}
}
