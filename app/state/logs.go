package state

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// LogTab is one of the lists of the Deployment window.
type LogTab string

// Tabs, in their order. The names are those of panel.Place.
const (
	TabLog        LogTab = "log"
	TabSending    LogTab = "sending"
	TabExclusions LogTab = "exclusions"
	TabCauses     LogTab = "causes"
	TabDoubt      LogTab = "in_doubt"
)

// LogTabs lists them.
func LogTabs() []LogTab { return []LogTab{TabLog, TabSending, TabExclusions, TabCauses, TabDoubt} }

// LogPlace is where the Deployment window stands: a tab, empty for the one that
// has most to say, and what a person chose in it.
type LogPlace struct {
	Tab   LogTab
	Query delivery.LogQuery
}

// ParseLogPlace reads what String wrote. The code of a message state is a tab
// too: the list that shows those messages and no others.
func ParseLogPlace(tab, search string) LogPlace {
	name, rest, _ := strings.Cut(tab, "?")
	p := LogPlace{Query: delivery.LogQuery{Search: search}}
	if slices.Contains(LogTabs(), LogTab(name)) {
		p.Tab = LogTab(name)
	} else if s, ok := messageState(name); ok {
		p = LogPlaceOf(s)
		p.Query.Search = search
	}
	v, err := url.ParseQuery(rest)
	if err != nil {
		return p
	}
	for _, code := range v["state"] {
		if s, ok := messageState(code); ok {
			p.Query.States = append(p.Query.States, s)
		}
	}
	for _, n := range v["nature"] {
		p.Query.Natures = append(p.Query.Natures, delivery.Nature(n))
	}
	p.Query.Sort, p.Query.Desc = delivery.LogSort(v.Get("sort")), v.Get("desc") != ""
	return p
}

// LogPlaceOf is the list of the messages in a state.
func LogPlaceOf(s delivery.MessageState) LogPlace {
	switch s {
	case delivery.MsgExcluded:
		return LogPlace{Tab: TabExclusions}
	case delivery.MsgInDoubt:
		return LogPlace{Tab: TabDoubt}
	}
	return LogPlace{Tab: TabSending, Query: delivery.LogQuery{States: []delivery.MessageState{s}}}
}

// String is everything but the search, for panel.Place.
func (p LogPlace) String() string {
	v := url.Values{}
	for _, s := range p.Query.States {
		v.Add("state", s.String())
	}
	for _, n := range p.Query.Natures {
		v.Add("nature", string(n))
	}
	if p.Query.Sort != delivery.LogByNumber {
		v.Set("sort", string(p.Query.Sort))
	}
	if p.Query.Desc {
		v.Set("desc", "1")
	}
	if len(v) == 0 {
		return string(p.Tab)
	}
	return string(p.Tab) + "?" + v.Encode()
}

// Full is what the engine is asked: what was chosen, within the tab.
func (p LogPlace) Full() delivery.LogQuery {
	q := p.Query
	switch p.Tab {
	case TabExclusions:
		q.States = []delivery.MessageState{delivery.MsgExcluded}
	case TabDoubt:
		q.States = []delivery.MessageState{delivery.MsgInDoubt}
	default:
		if len(q.States) == 0 {
			q.States = SendingStates()
		}
	}
	return q
}

// Narrowed reports whether a person chose to see less than the tab has.
func (p LogPlace) Narrowed() bool {
	return p.Query.Search != "" || len(p.Query.Natures) > 0 || p.Tab == TabSending && len(p.Query.States) > 0
}

func messageState(code string) (delivery.MessageState, bool) {
	for _, s := range delivery.MessageStates() {
		if s.String() == code {
			return s, true
		}
	}
	return 0, false
}

// SendingStates are those of the sending log: all but the excluded.
func SendingStates() []delivery.MessageState {
	return slices.DeleteFunc(delivery.MessageStates(), func(s delivery.MessageState) bool { return s == delivery.MsgExcluded })
}

// LogMoves reports whether the rows that q selects, or their order, may be others
// since the counters were before. A list by number or address of all that was
// sent stays as it is while its messages go from state to state.
func LogMoves(q delivery.LogQuery, before, after delivery.Counters) bool {
	switch {
	case before == after:
		return false
	case q.Search != "", len(q.Natures) > 0, q.Sort != delivery.LogByNumber && q.Sort != delivery.LogByAddress:
		return true
	}
	all := true
	for _, s := range SendingStates() {
		all = all && (len(q.States) == 0 || slices.Contains(q.States, s))
	}
	if all {
		return before.Excluded != after.Excluded || before.Targeted != after.Targeted
	}
	// Whoever reached an end stays there, so as many are the same ones.
	for _, s := range q.States {
		if !s.Ended() || *before.Of(s) != *after.Of(s) {
			return true
		}
	}
	return false
}

// FailureNatures are those of messages that were not excluded, the recipient's
// own first.
func FailureNatures() []delivery.Nature {
	return []delivery.Nature{delivery.NatureUserUnknown, delivery.NatureInvalidDomain, delivery.NatureDisabled, delivery.NatureMailboxFull,
		delivery.NatureUnreachable, delivery.NatureRefused, delivery.NatureGreylisted, delivery.NatureUnsupported, delivery.NaturePersonalise,
		delivery.NatureContentRefused, delivery.NatureSenderRefused, delivery.NatureRelayLimit, delivery.NatureAuth,
		delivery.NatureLostReply, delivery.NatureExpired, delivery.NatureCancelled, delivery.NatureNotDefined}
}

// MessageWord is the word for a message's state where it stands alone.
func MessageWord(c *text.Catalog, s delivery.MessageState) string { return capital(c.Message(s)) }

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// MessageTone is the colour of a message's state.
func MessageTone(s delivery.MessageState) Tone {
	switch s {
	case delivery.MsgAccepted:
		return Green
	case delivery.MsgRejected:
		return Red
	case delivery.MsgInDoubt, delivery.MsgDeferred:
		return Amber
	case delivery.MsgExcluded, delivery.MsgCancelled, delivery.MsgPending:
		return Quiet
	}
	return Blue
}

// ChosenStates is what a filter of states says.
func ChosenStates(c *text.Catalog, chosen []delivery.MessageState) string {
	switch len(chosen) {
	case 0:
		return c.T("deployment.all_states")
	case 1:
		return MessageWord(c, chosen[0])
	}
	return c.T("deployment.some_states", "n", len(chosen))
}

// ChosenNatures is what a filter of natures says.
func ChosenNatures(c *text.Catalog, chosen []delivery.Nature) string {
	switch len(chosen) {
	case 0:
		return c.T("deployment.all_causes")
	case 1:
		return c.Nature(chosen[0])
	}
	return c.T("deployment.some_causes", "n", len(chosen))
}

// Ledger is the promise that everybody targeted is accounted for.
type Ledger struct {
	Targeted string
	Terms    []LedgerTerm
}

// LedgerTerm is one state with its count.
type LedgerTerm struct {
	State delivery.MessageState
	Text  string
	Tip   string
}

// LedgerStates are the terms in the order in which they are told.
func LedgerStates() []delivery.MessageState {
	return append([]delivery.MessageState{delivery.MsgExcluded}, SendingStates()...)
}

// LedgerOf makes the ledger with every term, zeros too.
func LedgerOf(c *text.Catalog, k delivery.Counters) Ledger {
	l := Ledger{Targeted: c.T("deployment.targeted", "n", k.Targeted)}
	for _, s := range LedgerStates() {
		l.Terms = append(l.Terms, LedgerTerm{State: s, Text: c.T("stats.term", "n", *k.Of(s), "state", c.Message(s)), Tip: c.T("deployment.meaning." + s.String())})
	}
	return l
}

// String is the ledger as one line.
func (l Ledger) String() string {
	terms := make([]string, len(l.Terms))
	for i, t := range l.Terms {
		terms[i] = t.Text
	}
	return l.Targeted + " = " + strings.Join(terms, " + ")
}

// SendStatus is the state of a delivery as a word, with its colour.
func SendStatus(c *text.Catalog, v delivery.View) (string, Tone) {
	return c.State(v.State), toneOf(v.State)
}

// DeploymentTitle names the window.
func DeploymentTitle(c *text.Catalog, v delivery.View) string {
	return c.T("deployment.title", "label", title(c, v), "code", v.ID.String())
}
