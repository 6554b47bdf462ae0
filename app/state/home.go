package state

import (
	"slices"
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	engine "sendoff/engine/kpi"
)

// Card is one delivery in the list.
type Card struct {
	ID       delivery.ID
	Title    string
	Note     string
	Chip     Chip
	Tone     Tone
	Banner   string // what waits on a person, empty when nothing does
	Decide   string // the word that leads to what is in doubt, empty when it does not
	KPIs     []KPI
	Progress float64 // of what is being sent or prepared, from 0 to 1; 0 otherwise
	Delete   bool    // may be deleted now
}

// HomeFilter says which deliveries the list shows.
type HomeFilter string

// Filters of the list.
const (
	HomeAll      HomeFilter = "all"
	HomeWaiting  HomeFilter = "waiting"  // for a person: drafts and what is prepared or paused
	HomeUnderWay HomeFilter = "underway" // confirmed and not ended
	HomeEnded    HomeFilter = "ended"
	HomeTrouble  HomeFilter = "trouble" // failed, stopped, expired or paused by itself
)

// HomeFilters lists them.
func HomeFilters() []HomeFilter {
	return []HomeFilter{HomeAll, HomeWaiting, HomeUnderWay, HomeEnded, HomeTrouble}
}

func (f HomeFilter) has(v delivery.View) bool {
	s := v.State
	switch f {
	case HomeWaiting:
		return !s.Sealed() || s == delivery.Paused || v.Undecided() > 0
	case HomeUnderWay:
		return s.Sealed() && !s.Ended() || s == delivery.Preparing
	case HomeEnded:
		return s.Ended()
	case HomeTrouble:
		return slices.Contains([]delivery.State{delivery.PreparationFailed, delivery.Failed, delivery.Stopped, delivery.Expired}, s) ||
			s == delivery.Paused && v.Paused != nil && v.Paused.By == ""
	}
	return true
}

// HomeSort is the order of the list.
type HomeSort string

// Orders of the list.
const (
	HomeNewest HomeSort = "newest"
	HomeOldest HomeSort = "oldest"
	HomeName   HomeSort = "name"
	HomeRecent HomeSort = "recent" // what changed last comes first
)

// HomeSorts lists them.
func HomeSorts() []HomeSort { return []HomeSort{HomeNewest, HomeOldest, HomeRecent, HomeName} }

// HomeQuery is what a person asks of the list. The zero value is everything, the
// newest first.
type HomeQuery struct {
	Search string // part of the label, the subject, the audience, the code or the state, in any case
	Filter HomeFilter
	Sort   HomeSort
}

// Home makes the list of deliveries.
func Home(c *text.Catalog, views []delivery.View, q HomeQuery, o access.Operator, now time.Time) []Card {
	var out []Card
	for _, v := range ordered(views, q.Sort, c) {
		if q.Filter.has(v) && found(c, v, q.Search) {
			out = append(out, CardOf(c, v, o, now))
		}
	}
	return out
}

func ordered(views []delivery.View, s HomeSort, c *text.Catalog) []delivery.View {
	vs := slices.Clone(views)
	slices.SortStableFunc(vs, func(a, b delivery.View) int {
		newer := b.Created.Compare(a.Created)
		if newer == 0 {
			newer = int(b.ID - a.ID)
		}
		switch s {
		case HomeOldest:
			return -newer
		case HomeName:
			if d := strings.Compare(strings.ToLower(title(c, a)), strings.ToLower(title(c, b))); d != 0 {
				return d
			}
		case HomeRecent:
			if d := touched(b).Compare(touched(a)); d != 0 {
				return d
			}
		}
		return newer
	})
	return vs
}

// touched is when something last happened to a delivery.
func touched(v delivery.View) time.Time {
	at := v.Modified
	for _, t := range []time.Time{v.Created, v.Started, v.Finished} {
		if t.After(at) {
			at = t
		}
	}
	if v.Plan != nil && v.Plan.At.After(at) {
		at = v.Plan.At
	}
	if v.Confirmation != nil && v.Confirmation.At.After(at) {
		at = v.Confirmation.At
	}
	return at
}

func found(c *text.Catalog, v delivery.View, search string) bool {
	for _, word := range strings.Fields(strings.ToLower(search)) {
		if !slices.ContainsFunc([]string{title(c, v), v.Content.Subject, v.AudienceName, v.ID.String(), c.State(v.State)},
			func(s string) bool { return strings.Contains(strings.ToLower(s), word) }) {
			return false
		}
	}
	return true
}

// Patterns are the deliveries that a new one may begin from: the last n that
// ended, the newest first.
func Patterns(views []delivery.View, n int, c *text.Catalog) []delivery.View {
	var out []delivery.View
	for _, v := range ordered(views, HomeRecent, c) {
		if v.State.Ended() && len(out) < n {
			out = append(out, v)
		}
	}
	return out
}

// CardOf makes the card of one delivery.
func CardOf(c *text.Catalog, v delivery.View, o access.Operator, now time.Time) Card {
	k := Card{ID: v.ID, Title: title(c, v), Tone: toneOf(v.State), Note: cardNote(c, v, now)}
	k.Chip = Chip{Text: c.State(v.State), Tone: k.Tone}
	if f := engine.Of(v.Counters); v.State == delivery.Sending && f.ToDeliver > 0 {
		k.Chip.Text = c.T("home.chip_percent", "state", c.T("tile.sending"), "percent", percent(c, f.SentRate))
	}
	switch p := v.Status.Preparation; {
	case v.State == delivery.Sending || v.State == delivery.Retrying || v.State == delivery.Paused:
		if t := v.Counters.ToDeliver(); t > 0 {
			k.Progress = float64(t-v.Counters.Open()) / float64(t)
		}
	case v.State == delivery.Preparing && p != nil && p.Total > 0:
		k.Progress = float64(p.Done) / float64(p.Total)
	}
	if v.State == delivery.Ready && len(v.Broken) == 0 {
		k.Tone, k.Chip.Tone = Amber, Amber
		if o.Rights.Has(access.Start) {
			k.Banner = c.T("home.waits")
		}
	}
	if n := v.Undecided(); n > 0 && o.Rights.Has(access.Start) {
		k.Banner, k.Decide = c.N("doubt.banner", n), c.T("doubt.decide")
	}
	k.KPIs = cardKPIs(c, v)
	k.Delete = o.Rights.Has(access.Prepare) && (!v.State.Sealed() || v.State.Ended()) && v.State != delivery.Preparing
	return k
}

func cardNote(c *text.Catalog, v delivery.View, now time.Time) string {
	switch {
	case v.State == delivery.Stopped || v.State == delivery.Failed:
		return c.T("home.stopped", "date", c.When(v.Finished, now), "got", v.Counters.Accepted,
			"not", v.Counters.ToDeliver()-v.Counters.Accepted-v.Counters.InDoubt)
	case v.State.Ended():
		return c.T("home.ended", "date", c.When(v.Finished, now))
	case v.State == delivery.Confirmed && v.Schedule.Mode == delivery.AtDate:
		return c.T("home.leaves", "date", c.DateTimeIn(v.Schedule.At, zoneOf(c, v)))
	case v.Confirmation != nil && v.State.Sealed():
		return c.T("home.confirmed_by", "name", v.Confirmation.By, "time", c.When(v.Confirmation.At, now))
	case v.State == delivery.Ready && v.Plan != nil:
		return c.T("home.prepared", "time", c.When(v.Plan.At, now))
	case v.Plan == nil:
		return c.T("home.not_prepared")
	}
	return c.T("home.created", "date", c.Date(v.Created))
}

func cardKPIs(c *text.Catalog, v delivery.View) []KPI {
	f := engine.Of(v.Counters)
	if sent(v.State) {
		return []KPI{
			kpi(c, "sent", c.Number(f.Sent), "", Neutral),
			kpi(c, "delivered", percent(c, f.DeliveredRate), "", Neutral),
			kpi(c, "errors", percent(c, f.BounceRate), "", Neutral),
		}
	}
	value := c.None()
	if v.Plan != nil {
		value = c.Number(v.Plan.ToDeliver)
	}
	return []KPI{kpi(c, "to_deliver", value, "", Neutral)}
}

// FirstAccount is what a new delivery begins with: a real account that says who
// writes, any real one, else the training relay.
func FirstAccount(as []delivery.Account) (delivery.Account, bool) {
	for _, fits := range []func(delivery.Account) bool{
		func(a delivery.Account) bool { return !a.Training() && a.Brand.Address != "" },
		func(a delivery.Account) bool { return !a.Training() },
		func(delivery.Account) bool { return true },
	} {
		if i := slices.IndexFunc(as, fits); i >= 0 {
			return as[i], true
		}
	}
	return delivery.Account{}, false
}
