package transport

import (
	"bufio"
	"strings"
)

// ParseReply parses one reply, for tests.
func ParseReply(s string) (Reply, error) {
	return parseReply(bufio.NewReaderSize(strings.NewReader(s), 4096))
}
