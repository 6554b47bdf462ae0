package state

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Live folds the newest figures into a view. Complete statuses replace each
// other; one of another delivery changes nothing.
func Live(v delivery.View, s delivery.Status) delivery.View {
	if s.ID != v.ID {
		return v
	}
	v.Status, v.Counters = s, s.Counters
	if s.State != "" {
		v.State = s.State
	}
	return v
}

// Of makes the dashboard of one delivery.
func Of(c *text.Catalog, in Input) Dashboard {
	v := in.View
	d := Dashboard{
		ID: v.ID, Title: title(c, v), Code: v.ID.String(), Training: v.Account.Training(),
		State: v.State, Tile: tile(c, v), Facts: facts(c, in),
		CanEdit: slices.Contains(in.Allowed, delivery.Edit), Corrects: v.Follows.Mode == delivery.Correction,
	}
	d.Buttons = buttons(c, in)
	d.Why = why(c, in)
	d.Proofs = ProofLines(c, v)
	d.Banner = banner(c, in)
	d.Audience, d.Schedule, d.Content = audienceBlock(c, v, in.Names), scheduleBlock(c, in), contentBlock(c, v)
	if deployed(v) {
		p := deployment(c, in)
		d.Deployment = &p
	}
	return d
}

func title(c *text.Catalog, v delivery.View) string {
	if v.Label == "" {
		return c.T("home.untitled")
	}
	return v.Label
}

// toneOf is the colour of a state, after the field's habit: gray while it is
// edited, blue on its way, green when done, amber for what waits on a person,
// red for what went wrong.
func toneOf(s delivery.State) Tone {
	switch s {
	case delivery.Finished:
		return Green
	case delivery.PreparationFailed, delivery.Stopped, delivery.Failed:
		return Red
	case delivery.Paused, delivery.Expired:
		return Amber
	case delivery.Editing, delivery.Skipped:
		return Quiet
	}
	return Blue
}

func tile(c *text.Catalog, v delivery.View) Tile {
	word := c.State(v.State)
	switch v.State {
	case delivery.Sending:
		word = c.T("tile.sending")
	case delivery.PreparationFailed:
		word = c.T("tile.preparation_failed")
	}
	return Tile{Text: strings.ToUpper(c.T("tile.email", "state", word)), Tone: toneOf(v.State)}
}

func facts(c *text.Catalog, in Input) []Fact {
	v := in.View
	fs := []Fact{{Label: c.T("fact.label"), Value: title(c, v)}}
	add := func(label, value string, code bool) {
		if value != "" {
			fs = append(fs, Fact{Label: label, Value: value, Code: code})
		}
	}
	add(c.T("fact.sender"), v.Content.From, false)
	add(c.T("fact.account"), RelayNames(c, v), false)
	fs = append(fs, links(c, v)...)
	add(c.T("fact.plan"), v.Plan.Short(), true)
	if at, zone := contactDate(c, v); !at.IsZero() {
		add(c.T("fact.contact_date"), c.T("fact.zone_line", "date", c.DateTimeIn(at, zone), "zone", zoneName(v, zone)), false)
	}
	if k := v.Confirmation; k != nil {
		add(c.T("fact.confirmed_by"), c.T("fact.at_time", "name", k.By, "time", c.ClockSeconds(k.At)), false)
	}
	if !v.Started.IsZero() {
		add(c.T("fact.started"), c.When(v.Started, in.Now), false)
	}
	if !v.Finished.IsZero() {
		add(c.T("fact.finished"), c.When(v.Finished, in.Now), false)
	}
	return fs
}

// contactDate is when it leaves or left: the chosen date, else the moment of
// Confirm; zero while there is none.
func contactDate(c *text.Catalog, v delivery.View) (time.Time, *time.Location) {
	if v.Schedule.Mode == delivery.AtDate && !v.Schedule.At.IsZero() {
		return v.Schedule.At, zoneOf(c, v)
	}
	if v.Confirmation != nil {
		return v.Confirmation.At, c.Zone()
	}
	return time.Time{}, c.Zone()
}

func zoneOf(c *text.Catalog, v delivery.View) *time.Location {
	if v.Schedule.Zone != "" {
		if z, err := time.LoadLocation(v.Schedule.Zone); err == nil {
			return z
		}
	}
	return c.Zone()
}

func zoneName(v delivery.View, zone *time.Location) string {
	if v.Schedule.Mode == delivery.AtDate && v.Schedule.Zone != "" {
		return v.Schedule.Zone
	}
	if n := zone.String(); n != "Local" {
		return n
	}
	return "local"
}

// buttons lists what the engine allows now, in the order of the work, with the
// one next sensible step filled.
func buttons(c *text.Catalog, in Input) []Button {
	v, can := in.View, func(a delivery.Action) bool { return slices.Contains(in.Allowed, a) }
	out := testButtons(c, in)
	add := func(a delivery.Action, w Weight) {
		if can(a) {
			out = append(out, Button{Action: a, Label: c.Action(a), Tip: c.T("tip." + string(a)), Weight: w})
		}
	}
	confirm := can(delivery.Confirm) && v.State == delivery.Ready && len(v.Broken) == 0 && !blocked(v)
	if v.Aimed() {
		w := Primary
		if confirm || v.State == delivery.Ready && len(v.Broken) == 0 {
			w = QuietButton
		}
		add(delivery.Prepare, w)
	}
	add(delivery.StopPreparation, Outlined)
	if confirm {
		add(delivery.Confirm, Primary)
	}
	add(delivery.Pause, Outlined)
	add(delivery.Resume, Primary)
	add(delivery.Stop, Danger)
	return append(out, followButtons(c, in)...)
}

func blocked(v delivery.View) bool { return v.Plan != nil && v.Plan.Blocked() }

// why names the first thing that keeps the next sensible action away.
func why(c *text.Catalog, in Input) string {
	v, o := in.View, in.Operator
	switch {
	case in.ReadOnly != "":
		return c.T("why.read_only")
	case v.State.Ended():
		return c.T("why.ended")
	case v.State == delivery.Ready && !o.Rights.Has(access.Start):
		return c.T("why.confirm_right")
	case v.State.Sealed() && !o.Rights.Has(access.Start):
		return c.T("why.control_right")
	case v.State.Sealed(), v.State == delivery.Preparing:
		return ""
	case !o.Rights.Has(access.Prepare):
		return c.T("why.prepare_right")
	case !v.Aimed():
		return c.T("why.prepare_incomplete")
	case v.Plan != nil && len(v.Broken) > 0:
		return c.T("why.confirm_broken")
	case blocked(v):
		return c.T("why.confirm_errors")
	case v.State == delivery.Editing:
		return c.T("why.confirm_prepare")
	}
	return ""
}

func banner(c *text.Catalog, in Input) Banner {
	v := in.View
	switch {
	case in.ReadOnly != "":
		return Banner{Text: c.T("app.read_only", "reason", in.ReadOnly), Tone: Amber}
	case v.State == delivery.Ready && !in.Operator.Rights.Has(access.Start):
		return Banner{Text: c.T("banner.no_right"), Tone: Blue}
	case Locked(v) && slices.Contains(in.Allowed, delivery.Resume):
		return Banner{Text: c.T("banner.locked"), Tone: Amber, Action: c.T("banner.unlock"), Does: Unlock}
	case v.State == delivery.Paused && v.Paused != nil && v.Paused.By == "":
		return Banner{Text: c.T("banner.breaker", "reason", c.Reason(v.Paused.Kind, v.Paused.Detail)), Tone: Amber}
	case v.Undecided() > 0 && in.Operator.Rights.Has(access.Start):
		return Banner{Text: c.N("doubt.banner", v.Undecided()), Tone: Amber, Action: c.T("doubt.decide"), Does: Decide}
	case v.State == delivery.Editing && v.Plan == nil:
		if m := missing(c, v); len(m) > 0 {
			return Banner{Text: c.T("banner.missing", "parts", c.List(m)), Tone: Amber}
		}
		if v.Follows.Mode == delivery.Correction {
			// It is complete, and still as wrong as what it corrects.
			return Banner{Text: c.T("banner.correction", "code", v.Follows.Delivery.String()), Tone: Blue}
		}
		return Banner{Text: c.T("banner.complete"), Tone: Blue}
	}
	return Banner{}
}

// Locked reports whether a delivery stands still because the file with passwords
// is locked.
func Locked(v delivery.View) bool {
	p := v.Paused
	return v.State == delivery.Paused && p != nil && p.By == "" && p.Kind == delivery.KindPassphrase && p.Detail != "new"
}

func missing(c *text.Catalog, v delivery.View) []string {
	var m []string
	if !v.Aimed() {
		m = append(m, c.T("missing.audience"))
	}
	if v.Draft.Account == 0 {
		m = append(m, c.T("missing.account"))
	}
	if strings.TrimSpace(v.Content.From) == "" {
		m = append(m, c.T("missing.from"))
	}
	if strings.TrimSpace(v.Content.Subject) == "" {
		m = append(m, c.T("missing.subject"))
	}
	if strings.TrimSpace(v.Content.HTML+v.Content.Text) == "" {
		m = append(m, c.T("missing.content"))
	}
	return m
}

func audienceBlock(c *text.Catalog, v delivery.View, names text.RuleNames) Block {
	if v.Follows.Mode == delivery.Correction {
		return Block{Main: followedAudience(c, v.Follows), Note: c.T("follow.audience_note")}
	}
	if v.Audience == 0 {
		return Block{Main: c.T("audience.none"), Note: c.T("audience.none_note"), Tone: Quiet, Empty: true}
	}
	if p := v.Plan; p != nil && p.Rule != nil && (v.State.Sealed() || len(v.Broken) == 0) {
		// The plan tells what it meant, whatever became of the audience.
		return Block{Main: v.AudienceName, Note: shortened(c.RuleText(p.Rule.Text, names)) + "\n" +
			c.N("audience.profiles", p.Rule.Count) + " · " + c.T("rule.as_of", "date", c.DateTime(p.Rule.At))}
	}
	if v.AudienceRule != "" {
		note := c.T("rule.live")
		if !v.AudienceFrom.IsZero() {
			note = c.N("audience.profiles", v.AudienceSize) + ", " + c.T("rule.counted", "date", c.Date(v.AudienceFrom)) + " · " + note
		}
		return Block{Main: v.AudienceName, Note: shortened(c.RuleText(v.AudienceRule, names)) + "\n" + note}
	}
	note := c.N("audience.profiles", v.AudienceSize)
	if !v.AudienceFrom.IsZero() {
		note += " · " + c.T("audience.imported", "date", c.Date(v.AudienceFrom))
	}
	if v.Follows.Mode == delivery.TopUp {
		note += " · " + c.T("follow.top_up_note", "code", v.Follows.Delivery.String())
	}
	return Block{Main: v.AudienceName, Note: note}
}

func scheduleBlock(c *text.Catalog, in Input) Block {
	v := in.View
	if v.Schedule.Mode != delivery.AtDate {
		return Block{Main: c.T("schedule.once"), Note: c.T("schedule.once_note")}
	}
	b := Block{Main: c.T("schedule.at", "date", c.DateTimeIn(v.Schedule.At, zoneOf(c, v)))}
	switch {
	case v.State.Sealed() && v.State != delivery.Confirmed:
		b.Note = c.T("schedule.done_note", "zone", v.Schedule.Zone)
	case v.Schedule.At.Before(in.Now):
		b.Note, b.Tone = c.T("schedule.past_note", "zone", v.Schedule.Zone), Amber
	default:
		b.Note = c.T("schedule.at_note", "zone", v.Schedule.Zone)
	}
	return b
}

func contentBlock(c *text.Catalog, v delivery.View) Content {
	k := Content{From: senderName(v.Content.From), Subject: v.Content.Subject}
	if k.From == "" {
		k.From = c.T("content.no_sender")
	}
	if k.Subject == "" {
		k.Subject = c.T("content.no_subject")
	}
	if v.Content.From == "" && v.Content.Subject == "" && v.Content.HTML == "" && v.Content.Text == "" {
		k.Block = Block{Main: c.T("content.none"), Note: c.T("content.none_note"), Tone: Quiet, Empty: true}
	}
	return k
}

// senderName is the display name of a mailbox, or the address without one.
func senderName(from string) string {
	a, err := mail.ParseAddress(from)
	if err != nil || a.Name == "" {
		return strings.Trim(from, "<>")
	}
	return a.Name
}
