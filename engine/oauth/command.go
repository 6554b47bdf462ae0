package oauth

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/secret"
)

const (
	// patience is how long a command or an endpoint may take.
	patience = 30 * time.Second
	// maxToken is how long a token may be in bytes. Microsoft's have some
	// 2,500.
	maxToken = 16 << 10
	// maxSaid is how much is told of what a command or an endpoint said.
	maxSaid = 200
	// commandLife is how long a token of a command is used before the command
	// is asked again: it does not say when its token expires.
	commandLife = time.Minute
)

// run runs a command line and returns the token that it printed.
func run(ctx context.Context, line string) (string, error) {
	words, ok := Words(line)
	if !ok {
		return "", refused("command_unreadable", "", nil)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.WaitDelay = time.Second // a child of the command may hold its output open
	// What opens our passwords is no business of the command.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, secret.Passphrase+"=") })
	out, said := &bounded{max: maxToken + 1}, &bounded{max: 4 * maxSaid}
	cmd.Stdout, cmd.Stderr = out, said
	err := cmd.Run()
	token := strings.TrimSpace(out.String())
	switch {
	case errors.Is(context.Cause(ctx), errPatience):
		return "", refused("command_slow", "", err)
	case ctx.Err() != nil:
		return "", &delivery.Error{Op: op, Kind: delivery.KindCancelled, Err: ctx.Err()}
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission), errors.Is(err, exec.ErrDot):
		return "", refused("command_missing", words[0], err)
	case err != nil:
		// What it printed could be half a token.
		return "", refused("command_failed", strings.ReplaceAll(short(said.String()), keep(token), "…"), nil)
	case token == "":
		return "", refused("command_empty", "", nil)
	case !usable(token):
		return "", refused("command_unusable", "", nil)
	}
	return token, nil
}

// errPatience ends a command that takes too long.
var errPatience = errors.New("it took too long")

// bounded keeps the first bytes of what is written to it. It never fails, so that
// a command that says more is not ended by that.
type bounded struct {
	buf bytes.Buffer
	max int
}

func (b *bounded) Write(p []byte) (int, error) {
	b.buf.Write(p[:min(len(p), b.max-b.buf.Len())])
	return len(p), nil
}

func (b *bounded) String() string { return b.buf.String() }

// usable reports whether s can be a bearer token: no white space or control
// characters, and not too long (RFC 6750 section 2.1 allows less).
func usable(s string) bool {
	return s != "" && len(s) <= maxToken && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
}

// short makes what somebody said fit for a sentence: its first line, without
// control characters and not too long.
func short(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
	if r := []rune(s); len(r) > maxSaid {
		s = string(r[:maxSaid]) + "…"
	}
	return s
}

// keep is a text to look for; one too short to be a secret is looked for in vain.
func keep(s string) string {
	if len(s) < 4 {
		return "\x00"
	}
	return s
}
