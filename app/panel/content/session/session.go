package session

import (
	"context"
	"encoding/json"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/app/panel/draft"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Pane is one tab of the content screen.
type Pane interface {
	Content() fyne.CanvasObject
	Shown(bool) // it came into sight, or went
	Close()
}

// Finder is a pane that can show a place of its text; line and column count from
// 1, and 0 is unknown.
type Finder interface{ Find(line, column int) }

// Session is one delivery being written.
type Session struct {
	env  *panel.Env
	id   delivery.ID
	show func(tab string, line, column int)

	view   delivery.View // as the engine has it
	now    delivery.Draft
	loaded bool
	closed bool
	saving bool
	past   history
	keep   *draft.Keeper
	kept   bool // a draft of an earlier time was taken up

	watchers []func()
	looked   bool // what is written was looked at
	checks   checks
	inbox    inbox
	fields   []delivery.Field
	sample   delivery.Profile
	accounts []delivery.Account
}

// kept is what is kept of a draft that was not saved.
type kept struct {
	Label   string           `json:"label"`
	Content delivery.Content `json:"content"`
	Via     []delivery.Relay `json:"via"`
}

// New begins to write the content of a delivery and asks for it. show leads to a
// place in one of the tabs.
func New(env *panel.Env, id delivery.ID, show func(tab string, line, column int)) *Session {
	s := &Session{env: env, id: id, show: show}
	s.keep = draft.Keep(env, s.key(), s.typed)
	s.Reload()
	return s
}

// key names the draft; the form before this screen had its own shape.
func (s *Session) key() string { return "content2/" + s.id.String() }

func (s *Session) typed() string {
	if !s.Dirty() {
		return ""
	}
	b, _ := json.Marshal(kept{s.now.Label, s.now.Content, s.now.Via()}) // plain values
	return string(b)
}

// Env is the window.
func (s *Session) Env() *panel.Env { return s.env }

// Delivery is which one is written.
func (s *Session) Delivery() delivery.ID { return s.id }

// View is the delivery as it is stored, without what is being written.
func (s *Session) View() delivery.View { return s.view }

// Draft is what is written now. Until Loaded it is empty.
func (s *Session) Draft() delivery.Draft { return s.now }

// Loaded reports whether the delivery has been read.
func (s *Session) Loaded() bool { return s.loaded }

// Accounts are the accounts that there are.
func (s *Session) Accounts() []delivery.Account { return s.accounts }

// Fields are what is known of the people of the audience.
func (s *Session) Fields() []delivery.Field { return s.fields }

// Sample is one of these people; zero when there is nobody.
func (s *Session) Sample() delivery.Profile { return s.sample }

// Value is a field of the sample, or a value that the field has otherwise.
func (s *Session) Value(f delivery.Field) string {
	if v := s.sample.Fields[f.Name]; v != "" {
		return v
	}
	return f.Sample
}

// Dirty reports whether something is written that is not saved.
func (s *Session) Dirty() bool { return s.loaded && !s.now.Equal(s.view.Draft) }

// Saving reports whether it is being saved.
func (s *Session) Saving() bool { return s.saving }

// Editable reports whether anything may be written now; why not is a sentence.
func (s *Session) Editable() (ok bool, why string) {
	c := s.env.Text
	switch {
	case s.env.ReadOnly() != "":
		return false, s.env.ReadOnly()
	case !s.env.Operator().Rights.Has(access.Prepare):
		return false, c.T("why.prepare_right")
	case !s.loaded:
		return false, ""
	}
	if _, err := delivery.Next(s.view.State, delivery.Edit); err != nil {
		return false, c.T("content.locked")
	}
	return true, ""
}

// Seals reports whether saving breaks a plan that could be confirmed now.
func (s *Session) Seals() bool {
	return s.view.Plan != nil && len(s.view.Broken) == 0 && s.view.State == delivery.Ready
}

// Watch calls f after every change of what is written, of what is found about it,
// and of whether it is saved. f compares before it draws.
func (s *Session) Watch(f func()) { s.watchers = append(s.watchers, f) }

func (s *Session) changed() {
	for _, f := range s.watchers {
		f()
	}
}

// Edit changes the draft. Changes of one kind that follow each other without a
// pause are taken back together; an empty kind stands alone.
func (s *Session) Edit(kind string, f func(*delivery.Draft)) {
	if ok, _ := s.Editable(); !ok {
		return
	}
	d := s.now
	f(&d)
	if d.Equal(s.now) {
		return
	}
	s.past.add(kind, s.now, s.env.Now())
	s.set(d)
}

// set shows another draft.
func (s *Session) set(d delivery.Draft) {
	s.now = d
	if s.keep.Changed(); !s.Dirty() {
		s.keep.Clear() // at once: who leaves now must not find it again
	}
	s.look()
	s.changed()
}

// Settle ends a change: what follows is taken back by itself.
func (s *Session) Settle() { s.past.kind = "" }

// CanUndo and CanRedo report whether there is a way back and forth.
func (s *Session) CanUndo() bool { return len(s.past.past) > 0 }

// CanRedo reports whether something was taken back.
func (s *Session) CanRedo() bool { return len(s.past.future) > 0 }

// Undo takes the last change back, Redo makes it again. They tell whether there
// was one.
func (s *Session) Undo() bool {
	d, ok := s.past.back(s.now)
	if ok {
		s.set(d)
	}
	return ok
}

// Redo makes again what Undo took back.
func (s *Session) Redo() bool {
	d, ok := s.past.forth(s.now)
	if ok {
		s.set(d)
	}
	return ok
}

// Show leads to a place in a tab; line 0 is the tab alone.
func (s *Session) Show(tab string, line, column int) { s.show(tab, line, column) }

// Save stores what is written. done is told how it went; nil: not needed.
func (s *Session) Save(done func(error)) {
	if done == nil {
		done = s.env.Fail
	}
	if s.saving || !s.Dirty() {
		done(nil)
		return
	}
	s.saving = true
	d, was, id, who := s.now, s.view.Draft, s.id, s.env.Who()
	bridge.Run(s.env.Bridge, "save", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.env.Engine.EditDelivery(ctx, who, id, d)
	}, func(_ struct{}, err error) {
		s.saving = false
		if err != nil {
			s.changed()
			done(err)
			return
		}
		s.view.Draft = d
		if s.now.Equal(d) {
			s.keep.Clear()
		}
		s.past.kind = ""
		s.env.Did(s.env.Text.T("common.saved"), func(ctx context.Context, who access.Principal) error {
			return s.env.Engine.EditDelivery(ctx, who, id, was)
		})
		s.changed()
		done(nil)
		if !s.closed {
			s.Reload()
		}
	})
	s.changed()
}

// Discard goes back to what is stored.
func (s *Session) Discard() {
	if s.Dirty() {
		s.past.add("", s.now, s.env.Now())
		s.set(s.view.Draft)
		s.keep.Clear()
	}
}

// Close ends it. What was not saved is kept.
func (s *Session) Close() {
	if s.closed {
		return
	}
	s.closed = true
	if s.Dirty() {
		s.keep.Now()
	}
	s.checks.close()
	s.inbox.close()
	s.watchers = nil
}

// Idle is how long nothing is typed before what is written is looked at.
const Idle = 400 * time.Millisecond
