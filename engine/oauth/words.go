package oauth

import "strings"

// Words tells the words of a command line apart, as far as a list of arguments
// needs it; nothing is expanded and nothing is run by a shell. White space divides
// words, single and double quotation marks keep it, and \" is a quotation mark
// between double ones. A backslash means itself anywhere else, so that paths of
// Windows can be written as they are. It is false for a quotation mark that is not
// closed, and for a line without words.
func Words(line string) ([]string, bool) {
	var words []string
	var word strings.Builder
	var quote byte // the mark that is open
	begun := false // a word may be empty, in quotation marks
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case quote == 0 && (b == ' ' || b == '\t' || b == '\n' || b == '\r'):
			if begun {
				words = append(words, word.String())
				word.Reset()
				begun = false
			}
		case quote == 0 && (b == '"' || b == '\''):
			quote, begun = b, true
		case quote != 0 && b == quote:
			quote = 0
		case quote == '"' && b == '\\' && i+1 < len(line) && line[i+1] == '"':
			i++
			word.WriteByte('"')
		default:
			word.WriteByte(b)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words, quote == 0 && len(words) > 0 && words[0] != ""
}
