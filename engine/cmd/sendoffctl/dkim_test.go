package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/delivery"
)

func TestAccountDKIM(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte("PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	on := delivery.DKIMRecord{DKIM: delivery.DKIM{Domain: "acme.example", Selector: "s1", Algorithm: delivery.DKIMRSA}, Zone: "the zone's line"}
	for _, c := range []struct {
		args         string
		dkim         delivery.DKIMRecord
		status       int
		call, output string
	}{
		{"account dkim Work", delivery.DKIMRecord{}, 0, "dkim 2", "The messages of Work are not signed here."},
		{"account dkim Work", on, 0, "dkim 2", "signed by acme.example (rsa).\nPublish this TXT record before you send:\n\nthe zone's line"},
		{"account dkim Work --json", delivery.DKIMRecord{}, 0, "dkim 2", "null"},
		{"account dkim Work --json", on, 0, "dkim 2", `"selector": "s1"`},
		{"account dkim Work --domain acme.example --selector s1", on, 0, `set_dkim 1 2 acme.example s1  ""`, "the zone's line"},
		{"account dkim Work --domain acme.example --selector s1 --algorithm ed25519", on, 0, `set_dkim 1 2 acme.example s1 ed25519 ""`, "(ed25519)"},
		{"account dkim Work --domain acme.example --selector s1 --key key.pem", on, 0, `set_dkim 1 2 acme.example s1  "PEM"`, "shorter than 2048 bits"},
		{"account dkim Work --off", on, 0, `set_dkim 1 2    ""`, "The messages of Work are not signed here."},
		{"account dkim Nobody", on, 1, "", "There is no account “Nobody”."},
		{"account dkim Work --domain acme.example --selector s1 --key none.pem", on, 1, "", "does not exist"},
		{"account dkim Work --off --domain acme.example", on, 2, "", "--off stands alone"},
		{"account dkim Work --domain acme.example", on, 2, "", "go together"},
		{"account dkim Work --key key.pem", on, 2, "", "go together"},
		{"account dkim Work --domain d.example --selector s --algorithm dsa", on, 2, "", "rsa or ed25519"},
		{"account dkim Work --domain d.example --selector s --algorithm rsa --key key.pem", on, 2, "", "has its own"},
		{"account dkim", on, 2, "", "account dkim NAME"},
	} {
		f := &fake{dkim: c.dkim, dir: dir}
		var out, errs bytes.Buffer
		a := &app{out: &out, err: &errs, cwd: dir, getenv: func(string) string { return "" },
			open: func(_ context.Context, o engine.Options) (Engine, error) { f.opts = o; return f, nil }}
		status := a.run(t.Context(), strings.Fields(c.args))
		if said := out.String() + errs.String(); status != c.status || !strings.Contains(said, c.output) {
			t.Errorf("%s: status %d\n%s", c.args, status, said)
		}
		if got := strings.Join(f.calls, "; "); got != c.call {
			t.Errorf("%s: called %q, want %q", c.args, got, c.call)
		}
	}
}

func TestKeyFaultsHaveSentences(t *testing.T) {
	seen := map[string]bool{}
	for _, detail := range []string{"no_pem", "encrypted", "damaged", "kind", "rsa_bits 512"} {
		s := say(&delivery.Error{Kind: delivery.KindInvalid, Field: "dkim.key", Detail: detail})
		if seen[s] || strings.Contains(s, "_") {
			t.Errorf("%s: %s", detail, s)
		}
		seen[s] = true
	}
}
