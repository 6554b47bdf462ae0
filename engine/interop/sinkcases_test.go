//go:build unix

package interop

import (
	"sendoff/engine/transport"
)

// sinkCases has every switch of smtp-sink(1) that a client can notice. (-4, -6,
// -d, -D, -R, -s, -S, -t, -u and -v change what the sink does on its own side.)
func sinkCases() []sinkCase {
	const taken = "finished accepted=4"
	brief := transport.Timeouts{Hello: short, Mail: short, Rcpt: short, Data: short, Block: short, Dot: short}
	return []sinkCase{
		// What it offers.
		{name: "everything", args: "", want: taken, row: "- - 250", copies: 4},
		{name: "four connections", args: "", want: "finished accepted=12", copies: 12, connections: 4, people: 12},
		{name: "one message a connection", args: "", want: taken, copies: 4, messages: 1},
		{name: "no 8BITMIME", args: "-8", want: taken, copies: 4},
		{name: "no AUTH", args: "-a", want: taken, copies: 4},
		{name: "no XCLIENT, XFORWARD", args: "-C -F", want: taken, copies: 4},
		{name: "no ESMTP", args: "-e", want: taken, copies: 4},
		{name: "no enhanced codes", args: "-E", want: taken, copies: 4},
		{name: "no DSN", args: "-N", want: taken, copies: 4},
		{name: "no PIPELINING", args: "-p", want: taken, copies: 4},
		{name: "nothing", args: "-8 -a -C -e -E -F -N -p", want: taken, copies: 4},
		{name: "a PIX in between", args: "-P", want: taken, copies: 4},
		{name: "another name", args: "-h [127.0.0.1]", want: taken, copies: 4},
		{name: "counters", args: "-c", want: taken, copies: 4},
		{name: "one session at a time", args: "-m 1", want: taken, copies: 4, connections: 3},
		{name: "a small window", args: "-T 1024", want: taken, copies: 4},
		{name: "LMTP", args: "-L", want: "paused:relay pending=4"},
		{name: "large messages", args: "", want: taken, copies: 4, large: true},
		{name: "large messages, no PIPELINING", args: "-p", want: taken, copies: 4, large: true},

		// Hard refusals, "500 5.3.0 Error: command failed".
		{name: "refuses the greeting", args: "-f connect", want: "paused:relay pending=4"},
		{name: "refuses EHLO", args: "-f ehlo", want: taken, copies: 4},
		{name: "refuses EHLO and HELO", args: "-f ehlo,helo", want: "paused:relay pending=4"},
		{name: "refuses MAIL", args: "-f mail", want: "paused:sender_refused pending=4"},
		{name: "refuses RCPT", args: "-f rcpt", want: "finished rejected=4", row: "relay not_defined 500"},
		{name: "refuses twelve RCPT", args: "-f rcpt", want: "paused:relay pending=7 rejected=5", people: 12},
		{name: "refuses DATA", args: "-f data", want: "finished rejected=4", row: "relay not_defined 500"},
		{name: "refuses the message", args: "-f .", want: "finished rejected=4", row: "relay not_defined 500", copies: 4},
		{name: "refuses RCPT and RSET", args: "-f rcpt,rset", want: "finished rejected=4", row: "relay not_defined 500"},
		{name: "refuses NOOP, VRFY and QUIT", args: "-f noop,vrfy,quit", want: taken, copies: 4},

		// Hard refusals with a word about why.
		{name: "no such user", args: "-f rcpt -B '550 5.1.1 No such user here'", want: "finished rejected=12", row: "recipient user_unknown 550", people: 12},
		{name: "no such user, without a code", args: "-f rcpt -B '550 No such user here'", want: "finished rejected=4", row: "recipient user_unknown 550"},
		{name: "mailbox full for good", args: "-f rcpt -B '552 5.2.2 Over quota'", want: "finished rejected=4", row: "recipient mailbox_full 552"},
		{name: "authentication required", args: "-f mail -B '530 5.7.0 Authentication required'", want: "paused:auth pending=4"},
		{name: "relaying denied", args: "-f rcpt -B '554 5.7.1 Relay access denied'", want: "paused:relay pending=4"},
		{name: "daily limit", args: "-f rcpt -B '550 5.4.5 Daily user sending limit exceeded'", want: "sending:relay pending=4"},
		{name: "too large", args: "-f . -B '552 5.3.4 Message too big'", want: "finished rejected=4", row: "content content_refused 552", copies: 4},
		{name: "spam", args: "-f . -B '554 5.7.1 Looks like spam'", want: "finished rejected=4", row: "content content_refused 554", copies: 4},
		{name: "twelve times spam", args: "-f . -B '554 5.7.1 Looks like spam'", want: "paused:content_refused pending=7 rejected=5", copies: 5, people: 12},

		// Soft refusals, "450 4.3.0 Error: command failed".
		{name: "defers the greeting", args: "-r connect", want: "paused:relay pending=4"},
		{name: "defers EHLO", args: "-r ehlo", want: "paused:relay pending=4"},
		{name: "defers MAIL", args: "-r mail", want: "retrying deferred=4", row: "relay not_defined 450"},
		{name: "defers RCPT", args: "-r rcpt", want: "retrying deferred=4", row: "relay not_defined 450"},
		{name: "defers DATA", args: "-r data", want: "retrying deferred=4", row: "relay not_defined 450"},
		{name: "defers the message", args: "-r .", want: "retrying deferred=4", row: "relay not_defined 450", copies: 4},
		{name: "defers RCPT and RSET", args: "-r rcpt,rset", want: "retrying deferred=4", row: "relay not_defined 450"},
		{name: "defers QUIT", args: "-r quit", want: taken, copies: 4},
		{name: "greylists", args: "-r rcpt -b '451 4.7.1 Greylisted, come back in five minutes'", want: "retrying deferred=4", row: "recipient greylisted 451"},
		{name: "too many recipients", args: "-r rcpt -b '452 4.5.3 Too many recipients'", want: "sending:relay pending=4"},
		{name: "mailbox full for now", args: "-r . -b '452 4.2.2 Over quota'", want: "retrying deferred=4", row: "recipient mailbox_full 452", copies: 4},

		// Hanging up without a word.
		{name: "hangs up at once", args: "-q connect", want: "paused:unreachable pending=4"},
		{name: "hangs up at EHLO", args: "-q ehlo", want: "paused:unreachable pending=4"},
		{name: "hangs up at MAIL", args: "-q mail", want: "paused:unreachable open=4"},
		{name: "hangs up at RCPT", args: "-q rcpt", want: "paused:unreachable open=4"},
		{name: "hangs up at DATA", args: "-q data", want: "paused:unreachable open=4"},
		{name: "hangs up after the dot", args: "-q .", want: "finished in_doubt=4", row: "network lost_reply 0", copies: 4},
		{name: "hangs up at RSET", args: "-f rcpt -q rset", want: "finished rejected=4", row: "relay not_defined 500"},
		{name: "hangs up at QUIT", args: "-q quit", want: taken, copies: 4},

		// "421 4.0.0 Server closing connection".
		{name: "leaves at once", args: "-Q connect", want: "paused:relay pending=4"},
		{name: "leaves at EHLO", args: "-Q ehlo", want: "paused:relay pending=4"},
		{name: "leaves at MAIL", args: "-Q mail", want: "retrying deferred=4", row: "relay unreachable 421"},
		{name: "leaves at RCPT", args: "-Q rcpt", want: "retrying deferred=4", row: "relay unreachable 421"},
		{name: "leaves at DATA", args: "-Q data", want: "retrying deferred=4", row: "relay unreachable 421"},
		{name: "leaves after the message", args: "-Q .", want: "retrying deferred=4", row: "relay unreachable 421", copies: 4},
		{name: "leaves at QUIT", args: "-Q quit", want: taken, copies: 4},

		// Slowness, and silence until our patience ends. (Behind a command
		// that it is slow with, smtp-sink answers pipelined ones at once and
		// out of order; hence -p.)
		{name: "slow greeting", args: "-W connect:1", want: taken, copies: 4},
		{name: "slow EHLO", args: "-W ehlo:1", want: taken, copies: 4},
		{name: "slow MAIL, sometimes more", args: "-p -W mail:1:30", want: taken, copies: 4},
		{name: "slow DATA", args: "-w 1", want: taken, copies: 4},
		{name: "slow reader", args: "-H 1 -T 2048", want: taken, copies: 4, large: true},
		{name: "slow dot", args: "-W .:1", want: taken, copies: 4},
		{name: "silent", args: "-W connect:30", want: "paused:timeout pending=4", timeouts: brief},
		{name: "silent at EHLO", args: "-W ehlo:30", want: "paused:timeout pending=4", timeouts: brief},
		{name: "silent at MAIL", args: "-p -W mail:30", want: "paused:timeout open=4", timeouts: brief},
		{name: "silent at RCPT", args: "-p -W rcpt:30", want: "paused:timeout open=4", timeouts: brief},
		{name: "silent at DATA", args: "-w 30", want: "paused:timeout open=4", timeouts: brief},
		{name: "silent at the dot", args: "-p -W .:30", want: "finished in_doubt=4", row: "network lost_reply 0", copies: uncounted, timeouts: brief},
		{name: "silent at QUIT", args: "-W quit:30", want: taken, copies: 4},
		// The message fits into the buffers in between, its dot included.
		{name: "reads no more", args: "-H 30", want: "finished in_doubt=4", row: "network lost_reply 0", copies: uncounted, timeouts: brief},
		{name: "reads no more of a large message", args: "-H 30 -T 2048", want: "paused:timeout open=4", timeouts: brief, large: true},

		// What RFC 5321 forbids: a refusal in the midst of the message, which
		// is not read to its end.
		{name: "refuses in the midst", args: "-A 0", want: "finished rejected=4", row: "content content_refused 550"},
		{name: "refuses in the midst of a large message", args: "-A 0", want: "finished rejected=4", row: "content content_refused 550", large: true},
		{name: "refuses later in the midst of a large message", args: "-A 1 -T 2048", want: "finished rejected=4", row: "content content_refused 550", large: true},

		// The server goes away.
		{name: "ends after two sessions", args: "-c -n 2", want: "sending:unreachable accepted=2 pending=2", copies: 2, messages: 1},
		{name: "ends after two messages", args: "-M 2", want: "sending:unreachable said=2 open=2", copies: 2},
	}
}
