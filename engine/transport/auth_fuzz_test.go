package transport

import (
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

// FuzzChallenge: whatever a relay asks, nothing panics, no answer has the password
// in it, and nobody is proved who does not know it.
func FuzzChallenge(f *testing.F) {
	for _, s := range []string{"", "r=x,s=MTIz,i=4096", "e=other-error", "v=AAAA", `{"status":"401"}`, "r=,s=,i=-1", "m=x,r=y,s=MTIz,i=5000", "r=x,s=MTIz,i=99999999999999999999"} {
		f.Add(s, "v=AAAA")
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		if strings.Contains(first, "i=") && len(first) > 200 {
			t.Skip()
		}
		c := Config{Host: "h", Port: 1, User: "ann", Password: "unguessable", Security: delivery.SecurityNone}
		token := c
		token.Token = "unguessable"
		for config, offered := range map[*Config][]string{&c: {scramSHA256}, &token: {"OAUTHBEARER"}} {
			client := mechanism(*config, offered, nil)
			_, initial, err := client.Start()
			if err != nil {
				t.Fatal(err)
			}
			nonce := ""
			if _, after, ok := strings.Cut(string(initial), ",r="); ok {
				nonce = after
			}
			// A server's nonce begins with ours.
			for _, challenge := range []string{strings.Replace(first, "r=", "r="+nonce, 1), second} {
				answer, err := client.Next([]byte(challenge))
				if strings.Contains(string(answer), "unguessable") {
					t.Fatalf("answered %q", answer)
				}
				if err != nil {
					break
				}
			}
			if p, ok := client.(prover); ok && p.proved() == nil {
				t.Fatalf("%q, %q proved something", first, second)
			}
		}
	})
}
