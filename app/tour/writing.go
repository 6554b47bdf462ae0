package tour

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"sendoff/app/panel"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
)

// Steps before the main job: choosing people and writing to them.

// listed is how many people of the list can be imported.
const listed = 240

// writeList writes a list of members as a spreadsheet program saves it, with rows
// that are wrong.
func writeList(dir, language string) (path string, err error) {
	name, head, town := "members.csv", "Email;First name;Town;Member since;Contribution", "Ely"
	if language == "nl" {
		name, head, town = "leden.csv", "E-mailadres;Voornaam;Plaats;Lid sinds;Contributie", "Zwolle"
	}
	names := []string{"Anna", "Bram", "Chloé", "Daan", "Emma", "Femke", "Gijs", "Hannah"}
	var b strings.Builder
	b.WriteString(head + "\n")
	for i := range listed {
		fmt.Fprintf(&b, "%s.%d@club.example;%s;%s;%02d-%02d-20%02d;%d,50\n", strings.ToLower(strings.ReplaceAll(names[i%8], "é", "e")), i+1, names[i%8], town, 1+i%28, 1+i%12, 15+i%10, 10+i%30)
	}
	for _, wrong := range []string{"iris.club.example;Iris", "jan@;Jan", ";Koen"} {
		fmt.Fprintf(&b, "%s;%s;13-05-2024;12,50\n", wrong, town)
	}
	path = filepath.Join(dir, name)
	return path, os.WriteFile(path, []byte(b.String()), 0o600)
}

// reach waits for a control by its name and gives it the keyboard.
func (p *player) reach(ctx context.Context, label string) error {
	return p.until(ctx, "“"+label+"”", func() bool { return p.stage.Reach(func(s string) bool { return s == label }) })
}

// press waits for a control by its name and presses it.
func (p *player) press(ctx context.Context, label string) error {
	err := p.reach(ctx, label)
	if err == nil {
		p.stage.Do(p.stage.Press)
	}
	return err
}

// pause gives the window the time of a repaint.
func (p *player) pause(ctx context.Context) error {
	sleep(ctx, p.o.Paint)
	return ctx.Err()
}

func (p *player) columns(ctx context.Context) error {
	p.stage.Do(func() { p.stage.Go(panel.Place{Screen: panel.Import, File: p.list}) })
	if err := p.reach(ctx, p.words.T("import.back")); err != nil {
		return err
	}
	return p.reach(ctx, p.words.T("import.next"))
}

// check shows what the import would do; it is never begun.
func (p *player) check(ctx context.Context) error {
	if err := p.press(ctx, p.words.T("import.next")); err != nil {
		return err
	}
	before, after, _ := strings.Cut(p.words.N("import.start", listed), strconv.Itoa(listed)) // whatever the number
	if err := p.until(ctx, "the check of the import", func() bool {
		return p.stage.Reach(func(s string) bool { return strings.HasPrefix(s, before) && strings.HasSuffix(s, after) })
	}); err != nil {
		return err
	}
	return p.press(ctx, p.words.T("import.sort.rejected"))
}

func (p *player) rule(ctx context.Context) error {
	text := `language is "nl" and did not get delivery ` + p.o.ID.String() + ` and (city one of ("Amsterdam", "Utrecht") or city starts with "Den")`
	p.stage.Do(func() { p.stage.Go(panel.Place{Screen: panel.Rule, Search: text}) })
	// Some of the people stand below the rule.
	if err := p.until(ctx, "people of the rule", func() bool {
		return p.stage.Reach(func(s string) bool { return strings.Contains(s, "@") })
	}); err != nil {
		return err
	}
	return p.reach(ctx, p.words.T("rule.save"))
}

// templates opens the gallery for the delivery, whose HTML was not made of blocks.
func (p *player) templates(ctx context.Context) error {
	p.stage.Do(func() { p.stage.Go(panel.Place{Screen: panel.Content, Delivery: p.o.ID, Tab: "design"}) })
	return p.reach(ctx, p.words.T("blocks.template."+template.IDs()[0]))
}

func (p *player) design(ctx context.Context) error {
	p.stage.Do(p.stage.Press)
	if err := p.reach(ctx, p.words.T("blocks.letter")); err != nil {
		return err
	}
	return p.pause(ctx)
}

func (p *player) preview(ctx context.Context) error {
	if err := p.press(ctx, p.words.T("content.tab.preview")); err != nil {
		return err
	}
	longest := strings.TrimSpace(p.words.T("preview.risk.longest_value", "fields", ""))
	emoji := p.words.T("preview.risk.emoji")
	if err := p.until(ctx, "the riskiest", func() bool {
		return p.stage.Reach(func(s string) bool { return strings.HasPrefix(s, longest) || s == emoji })
	}); err != nil {
		return err
	}
	p.stage.Do(p.stage.Press)
	return p.pause(ctx)
}

// source takes the template back and shows the delivery's own HTML.
func (p *player) source(ctx context.Context) error {
	if err := p.press(ctx, p.words.T("content.undo")); err != nil {
		return err
	}
	if err := p.pause(ctx); err != nil {
		return err
	}
	return p.visit(panel.Place{Screen: panel.Content, Delivery: p.o.ID, Tab: "source"})(ctx)
}

func (p *player) proof(ctx context.Context) error {
	if err := p.start(ctx); err != nil {
		return err
	}
	if err := p.press(ctx, p.words.T("proof.button")); err != nil {
		return err
	}
	// The keyboard is where the addresses are typed.
	if err := p.until(ctx, "the proof", p.stage.Asked); err != nil {
		return err
	}
	p.stage.Do(func() { p.stage.Type("marketing@club.example") })
	return p.pause(ctx)
}

// sendProof sends the proof and waits until it left.
func (p *player) sendProof(ctx context.Context) error {
	if err := p.press(ctx, p.words.T("proof.send")); err != nil {
		return err
	}
	return p.until(ctx, "the end of the proof", func() bool {
		d, ok := p.stage.Dashboard()
		return !p.stage.Asked() && ok && d.ID == p.o.ID && offers(d, delivery.Prepare)
	})
}
