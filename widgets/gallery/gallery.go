// Package gallery shows every part of package widgets in every state, for those
// who build screens: it is behind a flag of the program, in English, and a test
// photographs it. It knows no domain.
//
// Everything here lives on the UI goroutine.
package gallery

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Kinds are the kinds of buttons, by name.
func Kinds() map[string]widgets.Kind {
	return map[string]widgets.Kind{"Quiet": widgets.Quiet, "Outlined": widgets.Outlined, "Primary": widgets.Primary, "Danger": widgets.Danger,
		"FilledDanger": widgets.FilledDanger, "Back": widgets.Back, "Pill": widgets.Pill}
}

// kinds in the order in which they are shown.
func kinds() []string {
	return []string{"Primary", "Outlined", "Quiet", "Danger", "FilledDanger", "Back", "Pill"}
}

// Tones are all of them.
func Tones() []look.Tone {
	return []look.Tone{look.Neutral, look.Quiet, look.BlueTone, look.GreenTone, look.AmberTone, look.RedTone, look.VioletTone}
}

// New makes the gallery.
func New() fyne.CanvasObject {
	return widgets.Page(1240,
		block("Type scale", scale()),
		block("Palette", palette()),
		block("Icons", icons()),
		block("Buttons: rest, pointer, keyboard, disabled", buttons()),
		widgets.Columns(0.5, block("Chips, links, navigation", small()), block("Figures", figures())),
		block("Banners", banners()),
		widgets.Columns(0.5, block("Fields", fields()), block("Choices", choices())),
		block("Date, time and zone", picker()),
		widgets.Columns(0.5, block("Parts of a document", document()), block("Palette and swatches", choosing())),
		block("Table", table()),
		block("Source editor, a row to press", source()),
		widgets.Columns(0.5, block("Facts", facts()), block("Tabs, search, tools", tools())),
		widgets.NewEmptyState(widgets.IconSend, "Nothing here yet", "An empty part says what it is for, and the way in.",
			widgets.NewButton("Begin", widgets.IconAdd, widgets.Primary, nil), widgets.NewButton("Another way", widgets.NoIcon, widgets.Outlined, nil)))
}

func block(title string, content fyne.CanvasObject) fyne.CanvasObject {
	b := widgets.NewBlock(title, func() {})
	b.SetToolTip("Edit " + title)
	b.SetContent(content)
	return b
}

func caption(s string) *widgets.Text { return widgets.NewText(s, widgets.Caption()) }

func scale() fyne.CanvasObject {
	rows := widgets.VStack(8)
	for _, s := range []struct {
		name  string
		style widgets.TextStyle
	}{{"Figure 32", widgets.Figure()}, {"SideTitle 24", widgets.SideTitle()}, {"SmallFigure 22", widgets.SmallFigure()}, {"Headline 20", widgets.Headline()},
		{"DialogTitle 20", widgets.DialogTitle()}, {"MainText 17", widgets.MainText()}, {"WindowTitle 17", widgets.WindowTitle()}, {"RowTitle 16", widgets.RowTitle()},
		{"Body 14", widgets.Body()}, {"BodyMuted 14", widgets.BodyMuted()}, {"Heading 14", widgets.Heading()}, {"Small 13", widgets.Small()},
		{"SmallMuted 13", widgets.SmallMuted()}, {"SmallStrong 13", widgets.SmallStrong()}, {"Caption 12", widgets.Caption()}} {
		sample := "Every recipient has a line, 9,786 of them"
		if s.name[:6] == "Figure" || s.name[:6] == "SmallF" {
			sample = "9,786   97.1 %"
		}
		rows.Add(widgets.Baseline(16, widgets.NewText(s.name, widgets.Caption()).Slot(120), widgets.NewText(sample, s.style).Trim()))
	}
	return rows
}

func palette() fyne.CanvasObject {
	row := widgets.Wrap(10)
	for _, n := range []fyne.ThemeColorName{look.Ground, look.Side, look.Surface, look.Line, look.Ink, look.Muted, look.Chip, look.ChipText, look.Track,
		look.Action, look.ActionHover, look.PrimaryText, look.Blue, look.BlueOn, look.Green, look.GreenOn, look.Amber, look.AmberOn, look.Red, look.RedOn,
		look.RedFill, look.RedHover, look.Violet, look.VioletOn} {
		row.Add(widgets.Sized(112, 66, widgets.VStack(5, widgets.Sized(112, 40, widgets.NewBox(n, look.Line, look.RadiusSmall, widgets.Insets{}, nil)), caption(string(n)[len("sendoff."):]))))
	}
	return row
}

func icons() fyne.CanvasObject {
	row := widgets.Wrap(8)
	for _, n := range widgets.Icons() {
		row.Add(widgets.Sized(150, 24, widgets.HStack(8, widgets.NewIcon(n, 16, look.Ink), caption(string(n)).Trim())))
	}
	return row
}

func buttons() fyne.CanvasObject {
	rows := widgets.VStack(12)
	for _, name := range kinds() {
		k := Kinds()[name]
		row := widgets.HStack(14, widgets.Sized(110, 0, caption(name)))
		for _, icon := range []widgets.IconName{widgets.NoIcon, widgets.IconCheck} {
			rest, hover, focus, off := widgets.NewButton("Label", icon, k, nil), widgets.NewButton("Label", icon, k, nil), widgets.NewButton("Label", icon, k, nil), widgets.NewButton("Label", icon, k, nil)
			hover.MouseIn(nil)
			focus.FocusGained()
			off.Disable()
			for _, b := range []*widgets.Button{rest, hover, focus, off} {
				row.Add(b)
			}
		}
		rows.Add(row)
	}
	with := widgets.NewButton("With a menu", widgets.NoIcon, widgets.Outlined, nil).SetTrailing(widgets.IconDown)
	icon, lit := widgets.NewIconButton(widgets.IconMore, "More", nil), widgets.NewIconButton(widgets.IconEdit, "Edit", nil)
	lit.FocusGained()
	rows.Add(widgets.HStack(14, widgets.Sized(110, 0, caption("others")), with, icon, lit))
	return rows
}

func small() fyne.CanvasObject {
	chips := widgets.Wrap(8)
	for _, t := range Tones() {
		chips.Add(widgets.NewChip("Tone "+string(t), t))
	}
	press := widgets.NewChip("Opens something", look.BlueTone)
	press.SetOnTap(func() {})
	lit := widgets.NewChip("With the keyboard", look.BlueTone)
	lit.SetOnTap(func() {})
	lit.FocusGained()
	chips.Add(press)
	chips.Add(lit)
	link, reached := widgets.NewLink("A link", func() {}), widgets.NewLink("A link with the keyboard", func() {})
	reached.FocusGained()
	rest, chosen, hover, focus := nav("Rest"), nav("Chosen"), nav("Pointer"), nav("Keyboard")
	chosen.SetSelected(true)
	hover.MouseIn(nil)
	focus.FocusGained()
	counted, compact := nav("Counted"), nav("Compact")
	counted.Badge("12")
	compact.SetCompact(true)
	compact.Badge("12")
	line := widgets.NewProgressLine()
	line.Set(0.63)
	return widgets.VStack(12, chips, widgets.HStack(16, link, reached), rest, chosen, hover, focus, counted, widgets.HStack(0, compact), line)
}

func nav(s string) *widgets.NavItem { return widgets.NewNavItem(widgets.IconMail, s, func() {}) }

func figures() fyne.CanvasObject {
	k := widgets.NewKPIRow(3, false)
	k.Set(0, "To deliver", "9,786", "97.9 % of targeted", look.Neutral)
	k.Set(1, "Delivered", "97.1 %", "9,502", look.GreenTone)
	k.Set(2, "Errors", "2.9 %", "284", look.RedTone)
	small := widgets.NewKPIRow(2, true)
	small.Set(0, "Sent", "6,165", "", look.Neutral)
	small.Set(1, "Open rate", "–", "", look.Quiet)
	rings := widgets.HStack(24)
	for _, share := range []float64{0, 0.37, 1} {
		r := widgets.NewRing(98)
		r.SetValue(share, fmt.Sprintf("%d%%", int(share*100)))
		if share == 1 {
			r.SetTone(look.GreenTone)
		}
		rings.Add(r)
	}
	return widgets.VStack(20, k, small, rings, widgets.NewStatusTile(look.BlueTone, widgets.IconMail, "EMAIL · SENDING"))
}

func banners() fyne.CanvasObject {
	rows := widgets.VStack(8)
	for i, t := range Tones() {
		b := widgets.NewBanner(t, widgets.IconInfo, "A sentence on the ground of the tone “"+string(t)+"”, which says what happened and what to do.")
		if i%2 == 1 {
			b.SetAction("Undo", func() {})
		}
		rows.Add(b)
	}
	rows.Add(widgets.NewStrip(look.VioletTone, "A strip says where one is."))
	return rows
}

func fields() fyne.CanvasObject {
	empty, filled, focused, wrong, off := widgets.NewEntry("Empty", "A hint"), widgets.NewEntry("Filled", ""), widgets.NewEntry("With the keyboard", ""), widgets.NewEntry("Wrong", ""), widgets.NewEntry("Disabled", "")
	filled.SetText("smtp.acme.example")
	focused.SetText("Acme Garden")
	focused.Target().FocusGained()
	wrong.SetText("70000")
	wrong.SetError("A port is a number from 1 to 65,535.")
	off.SetText("cannot be changed")
	off.SetEnabled(false)
	password, area := widgets.NewEntry("Password", ""), widgets.NewArea("Code", "", 3, true)
	password.SetText("correct horse")
	password.SetPassword(true)
	area.SetText("<p>Hello {{ first_name }}</p>")
	return widgets.VStack(12, empty, filled, focused, wrong, off, password, area)
}

func choices() fyne.CanvasObject {
	off, on, disabled, focused := widgets.NewCheck("Off", nil), widgets.NewCheck("On", nil), widgets.NewCheck("Disabled", nil), widgets.NewCheck("With the keyboard", nil)
	on.SetChecked(true)
	disabled.SetEnabled(false)
	focused.FocusGained()
	radio := widgets.NewRadio([]string{"Once confirmed", "At a date"}, nil)
	radio.SetSelected(1)
	radio.SetNote(1, "In the time zone that you choose.")
	chosen, open := widgets.NewSelect([]string{"Gmail", "Outlook.com"}, "", nil), widgets.NewSelect([]string{"a"}, "Nothing is chosen", nil)
	chosen.SetSelected(0)
	return widgets.VStack(12, off, on, disabled, focused, radio, chosen, open)
}

func picker() fyne.CanvasObject {
	p := widgets.NewDateTimeZone(widgets.PickerWords{Date: "Date", Time: "Time", Zone: "Time zone", BadDate: "This is no date.", BadTime: "This is no time.",
		Calendar: "Calendar", Previous: "Previous month", Next: "Next month", Search: "Search", NoZone: "Choose a zone",
		Months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		Days:   [7]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}}, []string{"Europe/Amsterdam", "UTC"}, func() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }, nil)
	p.SetValue("2026-12-01T09:00:00", "Europe/Amsterdam")
	return p
}

func table() fyne.CanvasObject {
	tones := Tones()
	t := widgets.NewTable(len(tones), []widgets.Column{{Key: "tone", Title: "Tone", Width: 160, Sorts: true}, {Key: "text", Title: "A text that is cut where there is no room", Width: -2, Sorts: true},
		{Key: "more", Title: "Goes first", Width: -1, Drop: 1}, {Key: "n", Title: "Number", Width: 90, Number: true, Sorts: true}},
		func() int { return len(tones) }, func(row, col int) widgets.Cell {
			switch col {
			case 0:
				return widgets.Cell{Text: "Tone " + string(tones[row]), Icon: widgets.IconCheck, Tone: tones[row]}
			case 3:
				return widgets.Cell{Text: fmt.Sprint((row + 1) * 1111)}
			}
			return widgets.Cell{Text: "someone.with.a.long.name@a-domain-with-a-long-name.example"}
		})
	t.SetOnSort(func(string, bool) {})
	t.SetSorted("text", true)
	return widgets.Sized(0, 34+10+36*float32(len(tones)), t)
}

func facts() fyne.CanvasObject {
	f := widgets.NewFacts()
	f.Set([]widgets.Fact{{Label: "Sender", Value: "Acme Garden <news@acme.example>"}, {Label: "Plan", Value: "7f3a·c41e·09b2", Code: true}})
	return widgets.VStack(16, f, widgets.NewFactTable(100, widgets.FactRow{Label: "Messages", Value: "9,786", Rest: "214 excluded: 140 denylist, 61 duplicates", Link: "show", OnTap: func() {}},
		widgets.FactRow{Label: "Findings", Value: "2 warnings", Tone: look.AmberTone}), widgets.NewSelectable("This can be selected and copied.", true))
}

func tools() fyne.CanvasObject {
	tabs := widgets.NewTabs([]string{"Log", "Sending logs", "Exclusions"}, "More", func(int) {})
	tabs.SetSelected(1)
	search := widgets.NewSearch("Address or reply", func(time.Duration, func()) {}, func(string) {})
	bar := widgets.NewActionBar("More")
	bar.SetButtons(widgets.NewButton("Prepare", widgets.IconPrepare, widgets.Primary, nil), widgets.NewButton("Stop", widgets.IconStop, widgets.Danger, nil))
	bar.SetNote("Why something is missing.")
	return widgets.VStack(16, tabs, widgets.Tools(search, widgets.NewButton("All states", widgets.NoIcon, widgets.Outlined, nil).SetTrailing(widgets.IconDown), caption("9,786 rows")), widgets.Sized(0, look.BarHeight, bar))
}
