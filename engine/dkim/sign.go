package dkim

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"sync"
	"time"

	"sendoff/engine/delivery"
)

// oversigned are the fields that are listed once more than they occur, so that
// nobody can add one unseen: those that a mail program shows, sorts by or acts
// on (RFC 6376 section 5.4.1), and those of the unsubscribe button (RFC 8058
// section 4). What relays add by right or by habit is not among them: Received,
// Sender (RFC 6409 section 8.1), Feedback-ID.
func oversigned() []string {
	return []string{"from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to",
		"mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id", "content-description",
		"list-id", "list-unsubscribe", "list-unsubscribe-post", "list-help", "list-subscribe", "list-post", "list-owner", "list-archive"}
}

// Signer signs messages with one key. Make one with New.
type Signer struct {
	key      crypto.Signer
	hash     crypto.Hash
	domain   string
	selector string
	names    []string // oversigned
	opening  string   // of the field, up to and with "t="
	works    sync.Pool
}

// work is what one signature needs of memory.
type work struct {
	text   []byte // what is hashed
	fields []field
	value  []byte // of the signature's own field, unfolded
}

// New makes a Signer of a private key in PEM: PKCS#8, or PKCS#1 for RSA. Errors:
// KindInvalid, Field "dkim.key" (Detail "no_pem", "encrypted", "damaged", "kind"
// or "rsa_bits N"), "dkim.domain" or "dkim.selector".
func New(key, domain, selector string) (*Signer, error) {
	d, s, err := CheckNames(domain, selector)
	if err != nil {
		return nil, err
	}
	k, err := readKey(key)
	if err != nil {
		return nil, err
	}
	out := &Signer{key: k, domain: d, selector: s, names: oversigned()}
	out.works.New = func() any { return new(work) }
	algorithm := "ed25519-sha256" // signs the hash as if it were the message (RFC 8463 section 3)
	if out.Algorithm() == delivery.DKIMRSA {
		algorithm, out.hash = "rsa-sha256", crypto.SHA256
	}
	out.opening = "v=1; a=" + algorithm + "; c=relaxed/relaxed; d=" + d + "; s=" + s + "; t="
	return out, nil
}

// String names the domain and the selector. The key is not shown.
func (s *Signer) String() string { return s.Name() }

// GoString is String.
func (s *Signer) GoString() string { return s.Name() }

// Sign appends a message with its DKIM-Signature field in front to dst. at is
// the time of signing. The message must have a header section, end its lines
// with CRLF and have From fields; KindInvalid (Field "message") otherwise. dst
// must not overlap the message.
func (s *Signer) Sign(dst, message []byte, at time.Time) ([]byte, error) {
	w := s.works.Get().(*work)
	defer s.works.Put(w)
	body, ok := w.split(message)
	if !ok || !w.has("from") {
		return dst, &delivery.Error{Op: "dkim", Kind: delivery.KindInvalid, Field: "message"}
	}
	w.text = appendBody(w.text[:0], body)
	sum := sha256.Sum256(w.text)

	w.value = append(w.value[:0], s.opening...)
	w.value = strconv.AppendInt(w.value, at.Unix(), 10)
	w.value = append(w.value, "; h="...)
	w.text = w.text[:0]
	names := len(w.value)
	for _, name := range s.names {
		// From the bottom to the top (section 5.4.2), then once for what is not
		// there, which counts as an empty string.
		for i := len(w.fields) - 1; i >= 0; i-- {
			if f := &w.fields[i]; f.is(name) {
				w.text = f.append(w.text)
				w.value = append(append(w.value, name...), ':')
			}
		}
		w.value = append(append(w.value, name...), ':')
	}
	for i := len(w.fields) - 1; i >= 0; i-- {
		if f := &w.fields[i]; s.besides(f) {
			w.text = f.append(w.text)
			w.value = append(f.appendName(w.value), ':')
		}
	}
	ends := len(w.value) - 1 // without the last colon
	w.value = append(w.value[:ends], "; bh="...)
	w.value = base64.StdEncoding.AppendEncode(w.value, sum[:])
	w.value = append(w.value, "; b="...)

	begin := len(dst)
	dst = appendFolded(append(dst, "DKIM-Signature: "...), w.value, names, ends)
	// The field itself is hashed last, its b= empty and without a line break.
	own := newField(dst[begin:], len("DKIM-Signature"))
	w.text = own.append(w.text)
	w.text = w.text[:len(w.text)-len("\r\n")]
	digest := sha256.Sum256(w.text)
	signature, err := s.key.Sign(rand.Reader, digest[:], s.hash)
	if err != nil {
		return dst[:begin], &delivery.Error{Op: "dkim", Kind: delivery.KindInternal, Err: err}
	}
	w.value = base64.StdEncoding.AppendEncode(w.value[:0], signature)
	dst = appendSignature(dst, w.value)
	return append(dst, message...), nil
}

// besides reports whether a field that is not oversigned is signed: all of ours
// are, those of relays are not.
func (s *Signer) besides(f *field) bool {
	if bytes.IndexByte(f.raw[:f.end], ';') >= 0 {
		return false // a name that h= cannot hold
	}
	for _, name := range s.names {
		if f.is(name) {
			return false
		}
	}
	for _, name := range [...]string{"received", "return-path", "dkim-signature", "authentication-results", "delivered-to", "bcc"} {
		if f.is(name) {
			return false
		}
	}
	return true
}

const (
	lineLength = 78 // RFC 5322 section 2.1.1
	fold       = "\r\n "
)

// appendFolded writes the value of the field: its tags, and within h=, which
// lies at value[names:ends], its names are where lines may end.
func appendFolded(dst, value []byte, names, ends int) []byte {
	col, line := len("DKIM-Signature: "), true // line: nothing but the name or a space is on the line
	for i := 0; i < len(value); {
		// A piece ends behind a space, or behind a colon of h=.
		j := i
		for j < len(value) && value[j] != ' ' && !(value[j] == ':' && j >= names && j < ends) {
			j++
		}
		if j < len(value) {
			j++
		}
		piece := value[i:j]
		if i = j; !line && col+len(piece) > lineLength {
			if dst[len(dst)-1] == ' ' {
				dst = dst[:len(dst)-1]
			}
			dst = append(dst, fold...)
			col = 1
		}
		dst = append(dst, piece...)
		col, line = col+len(piece), false
	}
	return dst
}

// appendSignature writes the value of b=, folded.
func appendSignature(dst, signature []byte) []byte {
	for len(signature) > 0 {
		n := min(len(signature), lineLength-2)
		dst = append(dst, fold...)
		dst = append(dst, signature[:n]...)
		signature = signature[n:]
	}
	return append(dst, "\r\n"...)
}
