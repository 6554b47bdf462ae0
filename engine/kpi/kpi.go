package kpi

import "sendoff/engine/delivery"

// Rate is a share with its denominator. Over 0 there is none: it is shown as
// "–", never as 0 %.
type Rate struct {
	Num, Den int64
}

// OK reports whether the rate exists.
func (r Rate) OK() bool { return r.Den > 0 }

// Value is the share, 0 when the rate does not exist. It lies between 0 and 1
// for the rates of Of.
func (r Rate) Value() float64 {
	if !r.OK() {
		return 0
	}
	return float64(r.Num) / float64(r.Den)
}

// KPIs are the figures of one delivery.
type KPIs struct {
	Targeted  int64 // profiles that the audience selected
	Excluded  int64 // of those: not to be written to
	ToDeliver int64 // targeted - excluded

	Sent          int64 // delivered + bounces and errors; what is in doubt is in neither
	Delivered     int64 // accepted by the relay and not bounced since
	BouncesErrors int64 // rejected, expired, or bounced since

	Pending   int64 // not begun, or handed to a connection that has not offered it yet
	Deferred  int64 // refused for now; tried again
	InDoubt   int64 // offered, and the reply is not known
	Cancelled int64 // stopped before they began

	SentRate      Rate // sent ÷ to deliver
	DeliveredRate Rate // delivered ÷ sent
	BounceRate    Rate // bounces and errors ÷ sent

	// UniqueOpens and UniqueClicks count recipients. Nothing records opens and
	// clicks yet, so their rates do not exist.
	UniqueOpens  int64
	UniqueClicks int64
	OpenRate     Rate // ÷ delivered
	ClickRate    Rate // ÷ delivered
}

// Of computes the figures of a ledger.
func Of(c delivery.Counters) KPIs {
	k := KPIs{
		Targeted:      c.Targeted,
		Excluded:      c.Excluded,
		ToDeliver:     c.ToDeliver(),
		Sent:          c.Accepted + c.Rejected,
		Delivered:     c.Accepted,
		BouncesErrors: c.Rejected,
		Pending:       c.Pending + c.Claimed + c.Committing,
		Deferred:      c.Deferred,
		InDoubt:       c.InDoubt,
		Cancelled:     c.Cancelled,
	}
	k.SentRate = Rate{k.Sent, k.ToDeliver}
	k.DeliveredRate = Rate{k.Delivered, k.Sent}
	k.BounceRate = Rate{k.BouncesErrors, k.Sent}
	return k
}
