package state

import (
	"time"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Tone is how a thing feels; a front end gives each one colour and icon.
type Tone string

// Tones: Quiet is muted text, Neutral plain ink.
const (
	Neutral Tone = ""
	Quiet   Tone = "quiet"
	Blue    Tone = "blue"
	Green   Tone = "green"
	Amber   Tone = "amber"
	Red     Tone = "red"
	Violet  Tone = "violet"
)

// Weight says how a button stands among others. At most one is Primary.
type Weight int

// Weights.
const (
	QuietButton Weight = iota
	Outlined
	Primary
	Danger
)

// Input is all that a dashboard is made of.
type Input struct {
	View     delivery.View
	Allowed  []delivery.Action
	Operator access.Operator
	ReadOnly string // why nothing can be changed, empty when it can
	Now      time.Time
	Names    text.RuleNames // of what the audience's rule refers to
}

// Dashboard is one delivery on the screen.
type Dashboard struct {
	ID         delivery.ID
	Title      string
	Code       string
	Training   bool
	State      delivery.State
	Tile       Tile
	Facts      []Fact
	Buttons    []Button
	Why        string // why an action one may look for is not there
	Banner     Banner // nothing to say when its Text is empty
	Deployment *Deployment
	Audience   Block
	Schedule   Block
	Content    Content
	Proofs     []ProofLine
	CanEdit    bool
	Corrects   bool // it is for those who got another one, and for nobody else
}

// Tile is the coloured status at the top of the summary.
type Tile struct {
	Text string
	Tone Tone
}

// Fact is one line of the summary. Code values are set in a fixed-width face.
type Fact struct {
	Label string
	Value string
	Code  bool
	Opens delivery.ID // the delivery that the value leads to, 0 for none
}

// Button is one action that is possible now.
type Button struct {
	Action delivery.Action
	Label  string
	Tip    string
	Weight Weight
}

// Banner is a sentence over the blocks.
type Banner struct {
	Text   string
	Tone   Tone
	Action string // the word for what can be done about it; empty for nothing
	Does   delivery.Action
}

// Deployment is the block of preparation and sending.
type Deployment struct {
	Ring         Ring
	Headline     string
	HeadlineTone Tone
	Sentence     string
	SentenceTone Tone
	Detail       string
	Chips        []Chip
	KPIs         []KPI
	Findings     []Finding
	Chart        bool // something was or is being sent
	Compute      bool // a recount makes sense
	Live         bool // the figures move
}

// Ring is a progress ring; Share is from 0 to 1.
type Ring struct {
	Shown bool
	Share float64
	Tone  Tone
}

// ChipKey tells what a chip opens.
type ChipKey string

// Chips.
const (
	ChipFindings ChipKey = "findings"
	ChipDeferred ChipKey = "deferred"
	ChipInDoubt  ChipKey = "in_doubt"
	ChipPending  ChipKey = "pending"
	ChipGot      ChipKey = "got" // those who got what was stopped …
	ChipNot      ChipKey = "not" // … and those who did not
)

// Chip is a small count with a colour.
type Chip struct {
	Key  ChipKey
	Text string
	Tone Tone
}

// KPI is one tile of figures.
type KPI struct {
	Key   string
	Label string
	Value string
	Note  string
	Tip   string
	Tone  Tone
}

// Finding is one thing a control rule has to say.
type Finding struct {
	Text     string
	Severity delivery.Severity
	Tone     Tone
}

// Block is a card with one main line and a note.
type Block struct {
	Main  string
	Note  string
	Tone  Tone
	Empty bool
}

// Content is the block of what is sent.
type Content struct {
	Block
	From    string
	Subject string
}
