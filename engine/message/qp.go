package message

const (
	hexDigits = "0123456789ABCDEF"
	qpLine    = 76 // RFC 2045 section 6.7, rule 5
	softBreak = "=\r\n"
)

// qpWriter writes quoted-printable (RFC 2045 section 6.7). Line breaks in the
// input are "\n" and become CRLF. A dot or "From " at the start of a line is
// encoded, so that no relay has to change it.
type qpWriter struct {
	dst []byte
	col int // characters on the line so far
}

// Classes of octets: those that stay as they are in the middle of a line, always
// or unless they are data.
const (
	qpPlain = 1 << iota
	qpBrace
	qpAngle
)

// qpClass is the class of every octet. It is only read.
var qpClass = func() (t [256]uint8) {
	for c := ' '; c <= '~'; c++ {
		t[c] = qpPlain
	}
	t['='], t['{'], t['<'] = 0, qpBrace, qpAngle
	return t
}()

// write encodes s. Of data, braces are encoded too, and so is "<" unless it is
// HTML: literal ones on the wire come from the template alone, which is how
// Guard tells a merge tag that was left over from a value that looks like one.
func (w *qpWriter) write(s string, data, markup bool) {
	mask := uint8(qpPlain | qpBrace | qpAngle)
	switch {
	case data && markup:
		mask = qpPlain | qpAngle
	case data:
		mask = qpPlain
	}
	dst, col := w.dst, w.col
	for i := 0; i < len(s); {
		if col > 0 && col < qpLine-1 {
			end := min(len(s), i+qpLine-1-col)
			j := i
			for j < end && qpClass[s[j]]&mask != 0 {
				j++
			}
			if j > i && j < len(s) && s[j] == '\n' && s[j-1] == ' ' {
				j--
			}
			dst, col = append(dst, s[i:j]...), col+j-i
			if i = j; i == len(s) {
				break
			}
		}
		c := s[i]
		if c == '\n' {
			dst, col = append(dst, '\r', '\n'), 0
			i++
			continue
		}
		if col == qpLine-1 {
			dst, col = append(dst, softBreak...), 0
		}
		literal := qpClass[c]&mask != 0
		switch {
		case c == ' ' || c == '\t':
			literal = i+1 == len(s) || s[i+1] != '\n'
		case c == '.':
			literal = col > 0
		case c == 'F':
			literal = col > 0 || len(s)-i < 5 || s[i+1:i+5] != "rom "
		}
		if literal {
			dst = append(dst, c)
			col++
		} else {
			if col+3 > qpLine-1 {
				dst, col = append(dst, softBreak...), 0
			}
			dst = append(dst, '=', hexDigits[c>>4], hexDigits[c&15])
			col += 3
		}
		i++
	}
	w.dst, w.col = dst, col
}

// insert inserts text that was encoded from the start of a line on and ends in
// column col.
func (w *qpWriter) insert(encoded []byte, col int) {
	w.split()
	w.dst = append(w.dst, encoded...)
	w.col = col
}

// split begins a new line without a line break in what is meant.
func (w *qpWriter) split() {
	if w.col > 0 {
		w.dst = append(w.dst, softBreak...)
		w.col = 0
	}
}

// close ends the text: white space must not be the last on its line.
func (w *qpWriter) close() {
	if w.col == 0 {
		return
	}
	if c := w.dst[len(w.dst)-1]; c == ' ' || c == '\t' {
		w.dst = w.dst[:len(w.dst)-1]
		w.col--
		if w.col+3 > qpLine {
			w.dst = append(w.dst, softBreak...)
			w.col = 0
		}
		w.dst = append(w.dst, '=', hexDigits[c>>4], hexDigits[c&15])
		w.col += 3
	}
}
