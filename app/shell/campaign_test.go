package shell_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"sendoff/app/panel"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// workbook writes a list of members as Excel keeps one, with the people who show
// what may go wrong: without a town, with a very long name, with a name from right
// to left, with an emoji, at an internationalised domain.
func workbook(t *testing.T) string {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	row := func(n int, cells ...any) {
		if err := x.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n), &cells); err != nil {
			t.Fatal(err)
		}
	}
	row(1, "E-mailadres", "Voornaam", "Plaats", "Contributie")
	for i := range 200 {
		row(2+i, fmt.Sprintf("lid%d@post.example", i), fmt.Sprintf("Naam%d", i), "Utrecht", 12.5)
	}
	row(202, "leeg@post.example", "Anna", "", 10)
	row(203, "lang@post.example", "Wilhelmina Alexandra Charlotte van Oranje-Nassau tot Lippe-Biesterfeld", "Den Haag", 10)
	row(204, "rtl@post.example", "משה", "Utrecht", 10)
	row(205, "emoji@post.example", "Noor 🌷", "Utrecht", 10)
	row(206, "idn@münchen.example", "Jürgen", "München", 10)
	row(207, "geen adres", "Niemand", "Utrecht", 10)
	path := filepath.Join(t.TempDir(), "leden.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// personal inserts a field of the audience where the cursor is, from the menu, with
// what stands there for whoever has none.
func (p *typist) personal(field, otherwise string) {
	p.t.Helper()
	p.press(p.words.T("tag.menu"))
	for _, r := range field {
		p.Window().Canvas().Focused().TypedRune(r)
	}
	p.settle()
	p.Window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	p.settle()
	p.into(p.words.T("tag.default"), otherwise)
	p.press(p.words.T("tag.insert"))
}

// A campaign as a small business makes one: a list from Excel, a template, made
// personal, looked at as the five riskiest get it, proved and prepared. In Dutch, in
// a small window, without a mouse, a terminal or a network.
func TestACampaignWithoutAMouse(t *testing.T) {
	p := sit(t)
	w := p.words.T

	// The list.
	p.Press(fyne.KeyI)
	p.settle()
	p.into(w("import.file"), workbook(t))
	p.press(w("import.next"))
	p.ui.Until(t, "the columns", func() bool { return p.says(w("import.found")) })
	p.settle()
	p.press(w("import.next"))
	p.ui.Until(t, "the check", func() bool { return p.says(p.words.N("import.start", 205)) })
	p.settle()
	p.press(p.words.N("import.start", 205))
	p.ui.Until(t, "the end of the import", func() bool { return p.says(w("import.done", "name", "leden")) })
	p.settle()

	// A delivery from a template.
	p.press(w("import.write"))
	id := p.At().Delivery
	if id == 0 || p.At().Screen != panel.Content {
		t.Fatalf("a new delivery begins at %v", p.At())
	}
	p.into(w("edit.from"), "Tuin <nieuws@tuin.example>")
	p.pick(w("content.tab.design"))
	p.press(w("blocks.template.newsletter"))
	p.ui.Until(t, "the letter", func() bool { return p.says(w("blocks.add")) })
	p.settle()

	// Made personal, in its subject, from the menu.
	p.into(w("edit.subject"), "")
	p.Window().Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	p.into(w("edit.subject"), ", de tuin in juni")
	p.Window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	p.personal("Plaats", "je buurt")
	p.Window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	p.personal("Voornaam", "Hallo")
	p.Press(fyne.KeyS)
	p.settle()
	v, err := p.e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if c := v.Content; c.Design == "" || c.Subject != `{{ Voornaam | default: "Hallo" }}{{ Plaats | default: "je buurt" }}, de tuin in juni` {
		t.Fatalf("subject %q, design of %d letters", c.Subject, len(c.Design))
	}

	// Looked at as the riskiest get it.
	p.pick(w("content.tab.preview"))
	var chips []string
	p.ui.Until(t, "the riskiest", func() bool {
		chips = nil
		p.each(func(o fyne.CanvasObject, _ fyne.Position) {
			if k, ok := o.(*widgets.Chip); ok && !k.Disabled() {
				chips = append(chips, k.Text())
			}
		})
		return len(chips) >= 5
	})
	p.settle()
	for who, chip := range map[string]string{"Anna": "Leeg:", "משה": w("preview.risk.right_to_left"), "Noor": w("preview.risk.emoji"),
		"Jürgen": w("preview.risk.idn_address"), "Wilhelmina": "Langste:"} {
		label := ""
		for _, k := range chips {
			if strings.HasPrefix(k, chip) {
				label = k
			}
		}
		if label == "" {
			t.Errorf("%q is not among %q", chip, chips)
			continue
		}
		p.press(label)
		p.ui.Until(t, who, func() bool { return p.says(who) })
	}

	// A proof of it.
	p.Press(fyne.KeyLeftBracket)
	p.settle()
	p.press(w("proof.button"))
	p.into(w("proof.typed"), "baas@tuin.example")
	p.press(w("proof.send"))
	p.until(id, "the proof", func(v delivery.View) bool {
		return len(v.Proofs) == 1 && v.Proofs[0].Count(delivery.ProofAccepted) == 1
	})
	v, err = p.e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if m := v.Proofs[0].Messages; len(m) != 1 || m[0].Address != "baas@tuin.example" {
		t.Errorf("%+v", v.Proofs[0])
	}
	if v.Counters.Accepted != 0 {
		t.Error("a proof is counted")
	}

	// And ready to go, with the proof in the question.
	p.Press(fyne.KeyP)
	p.until(id, "the plan", func(v delivery.View) bool { return v.State == delivery.Ready || v.State == delivery.PreparationFailed })
	if v, err = p.e.Delivery(t.Context(), id); err != nil || v.State != delivery.Ready {
		t.Fatalf("%s %v %+v", v.State, err, v.Plan.Findings)
	}
	if v.Plan.ToDeliver != 205 {
		t.Errorf("%d of 205 to deliver", v.Plan.ToDeliver)
	}
	p.press(p.words.Action(delivery.Confirm))
	if !p.says(p.words.N("confirm.proof_sent", 1, "number", 1)) {
		t.Error("the question says nothing of the proof")
	}
}
