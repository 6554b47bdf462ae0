package transport

import (
	"bufio"
	"errors"
	"strings"
	"unicode/utf8"
)

// Reply is what the relay said. Code is 0 when there was no complete reply.
type Reply struct {
	Code     int
	Enhanced string // RFC 3463, such as "5.1.1"; empty when the relay gives none
	Text     string // its lines joined by spaces, without codes and control characters, at most 1,000 bytes
}

// Limits of a reply. RFC 5321 section 4.5.3.1.5 allows 512 octets a line; relays
// exceed it, none that means well exceeds these.
const (
	maxReplyLine  = 2000
	maxReplyLines = 256
	maxReplyText  = 1000 // what is kept of it, in bytes
)

// What makes a reply unreadable.
var (
	errLongLine   = errors.New("reply line too long")
	errManyLines  = errors.New("reply has too many lines")
	errBareLF     = errors.New("reply line ends in a bare LF")
	errNoCode     = errors.New("not an SMTP reply")
	errMixedCodes = errors.New("reply lines with different codes")
)

// badReply reports whether err means that the peer does not speak SMTP.
func badReply(err error) bool {
	for _, e := range []error{errLongLine, errManyLines, errBareLF, errNoCode, errMixedCodes} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// readReply reads one reply, RFC 5321 section 4.2:
//
//	Reply-line = *( Reply-code "-" [ textstring ] CRLF )
//	             Reply-code [ SP textstring ] CRLF
//
// Lines are handed to each, without code and line end, as they come; they are
// valid during the call only.
func readReply(r *bufio.Reader, each func(line []byte)) (code int, err error) {
	for n := 0; ; n++ {
		if n == maxReplyLines {
			return 0, errManyLines
		}
		line, err := r.ReadSlice('\n')
		if err == bufio.ErrBufferFull || len(line) > maxReplyLine {
			return 0, errLongLine
		}
		if err != nil {
			// A line without its end is not a reply, however good it looks.
			return 0, err
		}
		if len(line) < 2 || line[len(line)-2] != '\r' {
			if !startsWithCode(line) {
				return 0, errNoCode
			}
			return 0, errBareLF
		}
		line = line[:len(line)-2]
		if !startsWithCode(line) {
			return 0, errNoCode
		}
		c := int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
		if code != 0 && c != code {
			return 0, errMixedCodes
		}
		code = c
		if len(line) == 3 {
			each(nil)
			return code, nil
		}
		each(line[4:])
		if line[3] == ' ' {
			return code, nil
		}
	}
}

// startsWithCode reports whether a line begins with a reply code that ends where
// it should; the first digit is 2 to 5 (RFC 5321 section 4.2.1).
func startsWithCode(line []byte) bool {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' ||
		line[1] < '0' || line[1] > '9' || line[2] < '0' || line[2] > '9' {
		return false
	}
	return len(line) == 3 || line[3] == ' ' || line[3] == '-' || line[3] == '\r' || line[3] == '\n'
}

// parseReply reads one reply into a Reply.
func parseReply(r *bufio.Reader) (Reply, error) {
	var reply Reply
	var more []string // lines after the first
	first := true
	code, err := readReply(r, func(line []byte) {
		enhanced, rest := cutEnhanced(string(line))
		rest = clean(rest)
		if first {
			reply.Enhanced, reply.Text = enhanced, rest
			first = false
		} else if rest != "" {
			more = append(more, rest)
		}
	})
	if err != nil {
		return Reply{}, err
	}
	reply.Code = code
	if len(more) > 0 {
		reply.Text = strings.TrimSpace(reply.Text + " " + strings.Join(more, " "))
	}
	return reply, nil
}

// cutEnhanced splits an enhanced status code (RFC 3463 section 2, RFC 2034) off
// the front of a reply's text.
func cutEnhanced(s string) (enhanced, rest string) {
	word, after, _ := strings.Cut(s, " ")
	class, detail, _ := strings.Cut(word, ".")
	if class != "2" && class != "4" && class != "5" {
		return "", s
	}
	subject, detail, _ := strings.Cut(detail, ".")
	if !shortNumber(subject) || !shortNumber(detail) {
		return "", s
	}
	return word, after
}

// shortNumber reports whether s is one to three digits.
func shortNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 3
}

// clean makes a peer's text fit for a log: valid UTF-8 without controls.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			plain = false
			break
		}
	}
	if !plain {
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\t':
				return ' '
			case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 ||
				r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
				return -1
			}
			return r
		}, strings.ToValidUTF8(s, string(utf8.RuneError)))
	}
	return strings.TrimSpace(s)
}
