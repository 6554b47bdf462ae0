package transport

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// Trial connects as Dial does, says MAIL FROM when a sender is given, takes it
// back, and says QUIT: no message is begun. Every step is reported as it ends,
// the one that fails with its error, which is also returned.
func Trial(ctx context.Context, c Config, sender string, report func(delivery.AccountStep)) error {
	start := time.Now()
	var seen *delivery.Certificate
	c.shown = func(cert delivery.Certificate) { seen = &cert }
	step := func(s delivery.TestStep, detail string, err error) {
		a := delivery.AccountStep{Step: s, Took: time.Since(start), Detail: detail, Err: err}
		if s == delivery.TestTLS {
			a.Certificate = seen
			if e := (*delivery.Error)(nil); errors.As(err, &e) {
				a.Certificate = e.Certificate
			}
		}
		report(a)
		start = time.Now()
	}
	if net.ParseIP(c.Host) == nil && c.Dial == nil {
		addrs, err := net.DefaultResolver.LookupHost(ctx, c.Host)
		if err != nil {
			err = trouble(StageConnect, c.addr(), err)
		}
		step(delivery.TestResolve, strings.Join(addrs, ", "), err)
		if err != nil {
			return err
		}
	}
	s, err := dial(ctx, c, func(st Stage, detail string) { step(testStep(st.String()), detail, nil) })
	if err != nil {
		at := ""
		if e := (*delivery.Error)(nil); errors.As(err, &e) {
			at = e.Op
		}
		step(testStep(at), "", err)
		return err
	}
	defer s.Close()
	if sender == "" {
		return nil
	}
	release := s.wire.guard(ctx)
	err = s.offer(sender)
	release()
	step(delivery.TestSender, sender, err)
	return err
}

// offer asks whether the relay takes mail of a sender, and takes the question
// back.
func (s *Session) offer(sender string) error {
	c := s.config
	if !plainAddress(sender) {
		return invalid("account.brand.address", sender)
	}
	for _, line := range []string{"MAIL FROM:<" + sender + ">", "RSET"} {
		r, err := s.wire.command(line, c.Timeouts.Mail)
		if err != nil {
			return trouble(StageMail, c.addr(), err)
		}
		if r.Code/100 != 2 {
			return &delivery.Error{Op: StageMail.String(), Kind: delivery.KindSenderRefused, Detail: r.String()}
		}
	}
	return nil
}

// testStep is the step that a stage belongs to.
func testStep(stage string) delivery.TestStep {
	switch stage {
	case StageGreeting.String(), StageHello.String():
		return delivery.TestHello
	case StageTLS.String():
		return delivery.TestTLS
	case StageAuth.String():
		return delivery.TestAuth
	case StageMail.String():
		return delivery.TestSender
	}
	return delivery.TestConnect
}
