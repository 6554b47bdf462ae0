package audience

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// filler is more than is sniffed, in ASCII.
var filler = strings.Repeat("a@b.example,Anna\n", 2*sniffSize/16)

func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		name, in, says, last string
		rejects              int
	}{
		// The first bytes that are not ASCII decide, however late they come.
		{name: "late utf-8", in: filler + "c@d.example,Zoë\n", says: "utf-8", last: "Zoë"},
		{name: "late windows-1252", in: filler + "c@d.example,Zo\xeb\n", says: "windows-1252", last: "Zoë"},
		{name: "late windows-1252 twice", in: filler + "c@d.example,\x80\n" + filler + "c@d.example,\x9f\n", says: "windows-1252", last: "Ÿ"},
		// Once it is UTF-8, a row that is not is a bad row.
		{name: "damage later", in: "c@d.example,Zoë\n" + filler + "x@y.example,Zo\xeb\nc@d.example,é\n", says: "utf-8", last: "é", rejects: 1},
		{name: "damage among good text", in: strings.Repeat("c@d.example,Zoë\n", 9) + "x@y.example,Zo\xeb\nc@d.example,é\n", says: "utf-8", last: "é", rejects: 1},
		{name: "damage behind a mark", in: "\ufeffemail,n\nx@y.example,Zo\xeb\nc@d.example,é\n", says: "utf-8", last: "é", rejects: 1},
		// A character across the end of what is sniffed is not damage.
		{name: "cut character", in: pad(sniffSize-1) + "ë\n", says: "utf-8", last: "ë"},
		{name: "cut character, long", in: pad(sniffSize-2) + "😀\n", says: "utf-8", last: "😀"},
		// A character across the end of the file is.
		{name: "half a character at the end", in: "a@b.example,Anna\nc@d.example,x\xe2\x82", says: "windows-1252", last: "xâ‚"},
		{name: "undefined in windows-1252", in: "x@y.example,\x81\x8d\nc@d.example,\x93q\x94\n", says: "windows-1252", last: "“q”", rejects: 1},
		{name: "lone surrogate", in: string(utf16Bytes("\ufeffx@y.example,", binary.LittleEndian)) + "\x00\xd8" + string(utf16Bytes("\nc@d.example,😀\n", binary.LittleEndian)), says: "utf-16le", last: "😀", rejects: 1},
		{name: "second half alone", in: string(utf16Bytes("\ufeffx@y.example,", binary.BigEndian)) + "\xdc\x00" + string(utf16Bytes("\nc@d.example,é\n", binary.BigEndian)), says: "utf-16be", last: "é", rejects: 1},
		{name: "odd byte at the end", in: string(utf16Bytes("\ufeffc@d.example,é\nx@y.example,n", binary.LittleEndian)) + "\xe9", says: "utf-16le", last: "é", rejects: 1},
		{name: "half a pair at the end", in: string(utf16Bytes("\ufeffc@d.example,é\nx@y.example,n", binary.LittleEndian)) + "\x00\xd8", says: "utf-16le", last: "é", rejects: 1},
		{name: "long utf-16", in: string(utf16Bytes(filler+filler+"c@d.example,Zoë\n", binary.LittleEndian)), says: "utf-16le", last: "Zoë"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, e := open(t, c.in, Options{})
			if len(e.rows) == 0 || len(e.rejects) != c.rejects || r.Encoding() != c.says {
				t.Fatalf("%d rows, rejects %v, %s", len(e.rows), e.rejects, r.Encoding())
			}
			if last := e.rows[len(e.rows)-1]; last.Fields[0] != c.last || last.Address.Normal != "c@d.example" {
				t.Errorf("last row %v", last)
			}
			for _, reject := range e.rejects {
				if reject.Reason != ReasonEncoding {
					t.Error(reject)
				}
			}
			if want := strings.Count(strings.ReplaceAll(c.in, "\x00", ""), "example,"); len(e.rows)+len(e.rejects) != want {
				t.Errorf("%d rows of %d", len(e.rows)+len(e.rejects), want)
			}
		})
	}
}

// pad gives n bytes of rows, the last of which lacks its second field. It
// holds an é, so that the encoding is decided at once.
func pad(n int) string {
	s := "a@b.example,é\n" + filler[:n]
	s = s[:n-len("c@d.example,")]
	i := strings.LastIndexByte(s, '\n')
	return s[:i] + strings.Repeat(" ", len(s)-i-1) + "\nc@d.example,"
}

func TestSniffRefuses(t *testing.T) {
	for _, c := range signatures {
		if _, _, err := sniff([]byte(c.magic+"rest"), true); err == nil {
			t.Errorf("%s is taken for text", c.name)
		}
	}
}

func TestFirstHigh(t *testing.T) {
	for n := range 40 {
		b := slices.Repeat([]byte{'a'}, n)
		if got := firstHigh(b); got != -1 {
			t.Errorf("%d: %d", n, got)
		}
		for i := range n {
			b[i] = 0x80
			if got := firstHigh(b); got != i {
				t.Errorf("%d: %d, want %d", n, got, i)
			}
			b[i] = 'a'
		}
	}
}
