package gallery

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/widgets"
	"sendoff/widgets/codeedit"
	"sendoff/widgets/look"
)

func source() fyne.CanvasObject {
	v := codeedit.NewView(codeedit.Words{Label: "Source", Find: "Find", Replace: "Replace with", Next: "Next", Previous: "Previous", Case: "Match capitals",
		One: "Replace", All: "Replace all", Close: "Close",
		Found:    func(nth, of int) string { return strconv.Itoa(nth) + " of " + strconv.Itoa(of) },
		Replaced: func(n int) string { return strconv.Itoa(n) + " replaced" }}, func(time.Duration, func()) {})
	v.SetText("<style>\n  a { color: #1f6feb } /* links */\n</style>\n<!-- a remark -->\n<p class=\"lead\">Hello {{ first_name | default: \"you\" }} &amp; welcome</p>\n" +
		"{% if city == \"Utrecht\" %}<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>{% endif %}\n<img src=\"flowers.png\">")
	v.SetMarks([]codeedit.Mark{{Line: 5, Column: 17, Text: "An error.", Tone: look.RedTone}, {Line: 7, Column: 1, Text: "A warning.", Tone: look.AmberTone}})
	v.Open(true)
	return widgets.VStack(12, widgets.Sized(0, 300, v), widgets.NewRow("A row to press", widgets.NewText("A row to press", widgets.Body()), func() {}))
}
