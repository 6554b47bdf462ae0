package message

import (
	"errors"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

const goodHeader = "Date: Mon, 10 Aug 2026 09:00:00 +0200\r\nFrom: a@b.example\r\nTo: c@d.example\r\nSubject: Hi\r\nMessage-ID: <x@b.example>\r\nMIME-Version: 1.0\r\n"

func TestGuard(t *testing.T) {
	good := goodHeader + "\r\nHello\r\n"
	body := func(s string) string { return goodHeader + "\r\n" + s }
	multi := func(text, html string) string {
		return goodHeader + "Content-Type: multipart/alternative; boundary=\"=_x\"\r\n\r\n--=_x\r\nContent-Type: text/plain\r\n\r\n" + text +
			"\r\n--=_x\r\nContent-Type: text/html\r\n\r\n" + html + "\r\n--=_x--\r\n"
	}
	for name, c := range map[string]struct {
		data, code string
	}{
		"good":                    {good, ""},
		"good multipart":          {multi("a", "b"), ""},
		"only the HTML says it":   {multi("", "b"), ""},
		"empty":                   {"", GuardLineEnd},
		"no header":               {"Hello\r\n", GuardHeader},
		"no body at all":          {goodHeader, GuardHeader},
		"empty body":              {body(""), GuardEmpty},
		"blank body":              {body(" \r\n\t\r\n=\r\n"), GuardEmpty},
		"blank multipart":         {multi(" ", "\r\n"), GuardEmpty},
		"bare LF":                 {body("a\nb\r\n"), GuardLineEnd},
		"bare CR":                 {body("a\rb\r\n"), GuardLineEnd},
		"CR LF swapped":           {body("a\n\rb\r\n"), GuardLineEnd},
		"swapped in the header":   {strings.Replace(good, "Hi", "Hi\n\r there", 1), GuardLineEnd},
		"CR CR LF":                {body("a\r\r\n"), GuardLineEnd},
		"bare LF and bare CR":     {body("a\nb\rc\r\n"), GuardLineEnd},
		"no end":                  {body("a"), GuardLineEnd},
		"NUL":                     {body("a\x00b\r\n"), GuardNUL},
		"not ASCII":               {body("é\r\n"), GuardASCII},
		"not ASCII in the header": {strings.Replace(good, "Hi", "é", 1), GuardASCII},
		"body line of 76":         {body(strings.Repeat("x", 76) + "\r\n"), ""},
		"body line of 77":         {body(strings.Repeat("x", 77) + "\r\n"), GuardLineLength},
		"header line of 998":      {"X-A: " + strings.Repeat("x", 993) + "\r\n" + good, ""},
		"header line of 999":      {"X-A: " + strings.Repeat("x", 994) + "\r\n" + good, GuardLineLength},
		"header of 64 KiB":        {strings.Repeat("X-A: "+strings.Repeat("x", 990)+"\r\n", 70) + good, GuardHeaderSize},
		"two From":                {"From: x@y.example\r\n" + good, GuardHeaderCount},
		"two from, other letters": {"fRoM: x@y.example\r\n" + good, GuardHeaderCount},
		"two To":                  {"To: x@y.example\r\n" + good, GuardHeaderCount},
		"two Subject":             {"Subject: x\r\n" + good, GuardHeaderCount},
		"two Date":                {"Date: x\r\n" + good, GuardHeaderCount},
		"two Message-ID":          {"Message-Id: <x@y>\r\n" + good, GuardHeaderCount},
		"two MIME-Version":        {"MIME-Version: 1.0\r\n" + good, GuardHeaderCount},
		"no To":                   {strings.Replace(good, "To: c@d.example\r\n", "", 1), GuardHeaderCount},
		"no Date":                 {strings.Replace(good, "Date:", "X-Date:", 1), GuardHeaderCount},
		"no field":                {"nonsense\r\n" + good, GuardHeader},
		"a space in a name":       {"A B: x\r\n" + good, GuardHeader},
		"folded first":            {" x\r\n" + good, GuardHeader},
		"folded":                  {strings.Replace(good, "Hi", "Hi\r\n there", 1), ""},
		"folded to nothing":       {strings.Replace(good, "Hi", "Hi\r\n ", 1), GuardHeader},
		"tag":                     {body("Hi {{ name }}\r\n"), GuardMergeTag},
		"tag over two lines":      {body("Hi {=\r\n{ name }}\r\n"), GuardMergeTag},
		"logic":                   {body("{% if x %}\r\n"), GuardMergeTag},
		"logic over two lines":    {body("{=\r\n% if x %}\r\n"), GuardMergeTag},
		"tag in the subject":      {strings.Replace(good, "Hi", "Hi {{ name }}", 1), GuardMergeTag},
		"tag in the HTML":         {multi("a", "{{ b }}"), GuardMergeTag},
		"no value":                {body("Hi <no value>\r\n"), GuardMergeTag},
		"no value, divided":       {body("Hi <=\r\nno va=\r\nlue>\r\n"), GuardMergeTag},
		"divided before the v":    {body("Hi <no =\r\nvalue>\r\n"), GuardMergeTag},
		"divided before a space":  {body("Hi <no=\r\n value>\r\n"), GuardMergeTag},
		"divided twice":           {body("Hi <no =\r\n=\r\nvalue> {\r\n"), GuardMergeTag},
		"tag over three lines":    {body("{=\r\n=\r\n{\r\n"), GuardMergeTag},
		"braces of a value":       {body("Hi =7B=7B name }}\r\n"), ""},
		"style sheet":             {multi("a", "@media x{a{b:c}}"), ""},
		"no and nothing":          {body("<no <nova no value\r\n"), ""},
	} {
		err := Guard([]byte(c.data), 1<<20)
		var e *delivery.Error
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.code != "" && (!errors.As(err, &e) || e.Kind != delivery.KindInvalid || e.Field != c.code):
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if err := Guard([]byte(good), int64(len(good))); err != nil {
		t.Errorf("of the size allowed: %v", err)
	}
	if err := Guard([]byte(good), int64(len(good))-1); !delivery.Is(err, delivery.KindTooLarge) {
		t.Errorf("larger than allowed: %v", err)
	}
	if err := Guard([]byte(good), 0); err != nil {
		t.Errorf("no limit: %v", err)
	}
}

// TestGuardFindsWhatIsLeftOver sends a template through the encoder as if it had
// never been rendered.
func TestGuardFindsWhatIsLeftOver(t *testing.T) {
	for pad := range 80 {
		w := qpWriter{dst: []byte(goodHeader + "\r\n")}
		w.write(strings.Repeat("x", pad)+"{{ name }}\n", false, true)
		if err := Guard(w.dst, 0); err == nil || !strings.Contains(err.Error(), GuardMergeTag) {
			t.Errorf("after %d characters: %v", pad, err)
		}
	}
}
