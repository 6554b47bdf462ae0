package delivery

import "time"

// LogQuery selects lines of the sending log. The zero value is all, by number.
type LogQuery struct {
	States  []MessageState // none: all
	Natures []Nature       // none: all
	Search  string         // part of the address or of the reply, in any case
	Sort    LogSort
	Desc    bool
	Limit   int // 0: no limit
}

// LogSort is what the sending log is sorted by; ties are broken by number.
type LogSort string

// Sorts of the sending log.
const (
	LogByNumber   LogSort = ""
	LogByDate     LogSort = "at"
	LogByState    LogSort = "state"
	LogByAddress  LogSort = "address"
	LogByNature   LogSort = "nature"
	LogByReply    LogSort = "reply"
	LogByAttempts LogSort = "attempts"
)

// Attempt is one try to hand a message to the relay.
type Attempt struct {
	Number   int // from 1
	At       time.Time
	State    MessageState // what the message became
	Nature   Nature
	Fault    Fault
	Code     int
	Enhanced string
	Reply    string
	Account  int64 // as in Row
}

// Message is everything that is known of one recipient's message.
type Message struct {
	Row
	Fields    map[string]string // as the plan froze them
	Attempts  []Attempt         // the oldest first; none for the excluded
	MessageID string
	From      string
	Subject   string
	Preheader string
	HTML      string
	Text      string
	Raw       []byte // the bytes on the wire, before dot-stuffing; its Date is that of the last attempt or, before one, of the plan
	DKIM      DKIM   // how what left was signed, or will be; the signature, which tells the time of the attempt, is not in Raw
	Sealed    bool   // Raw has the sum that the plan sealed: nobody can have got anything else
	Files     []File // of this recipient alone, as the plan froze them; empty ones for none
	Removed   bool   // the delivery has ended, and files of this recipient are kept no more: there is no Raw
	Edited    bool   // the content was edited since the plan, so what the plan meant cannot be shown
}
