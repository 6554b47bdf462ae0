//go:build unix

package interop

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/transport"
)

// startPostfix starts a Postfix with three services: "starttls", where TLS and
// AUTH are required, "tls", the same with TLS from the first byte, and "plain",
// which needs neither and offers neither PIPELINING nor CHUNKING. It knows every
// mailbox of post.example but those that begin with "gone", and asks gate about
// every recipient.
func startPostfix(t testing.TB, auth *authServer, gate *gate) *mta {
	t.Helper()
	root, ok := root(t, "/usr/lib/postfix/sbin/master")
	if !ok {
		t.Skip("Postfix is not there (make test unpacks it)")
	}
	if os.Geteuid() != 0 {
		t.Skip("Postfix starts as root only")
	}
	return run(t, func() (*mta, *exec.Cmd) { return newPostfix(t, root, auth, gate) })
}

// newPostfix configures one below a folder.
func newPostfix(t testing.TB, root string, auth *authServer, gate *gate) (*mta, *exec.Cmd) {
	t.Helper()
	dir := folder(t)
	owner, group := id(t, "news")
	_, setgid := id(t, "uucp")
	nobody, nogroup := id(t, "nobody")
	certs := newCerts(t, dir)
	m := &mta{dir: dir, certs: certs, ports: map[string]int{"starttls": freePort(t), "tls": freePort(t), "plain": freePort(t)},
		own: []string{"Return-Path", "X-Original-To", "Delivered-To", "Received"},
		log: func() string { b, _ := os.ReadFile(dir + "/log"); return string(b) },
		mail: func() []string {
			files, _ := filepath.Glob(dir + "/mail/all/new/*")
			return files
		}}
	for _, name := range strings.Fields("active bounce corrupt defer deferred flush hold incoming private saved trace") {
		owned(t, dir+"/spool/"+name, 0o700, owner, 0)
	}
	owned(t, dir+"/spool", 0o755, 0, 0)
	owned(t, dir+"/spool/pid", 0o755, 0, 0)
	owned(t, dir+"/spool/public", 0o710, owner, setgid)
	owned(t, dir+"/spool/maildrop", 0o730, owner, setgid)
	owned(t, dir+"/data", 0o700, owner, group)
	owned(t, dir+"/mail", 0o700, nobody, nogroup)
	write(t, dir+"/users", "!/^gone/ all/\n", 0o644)
	write(t, dir+"/dynamicmaps.cf", "", 0o644)
	write(t, dir+"/main.cf", strings.NewReplacer("DIR", dir, "ROOT", root, "NOBODY", strconv.Itoa(nobody), "NOGROUP", strconv.Itoa(nogroup),
		"AUTH", strconv.Itoa(auth.port), "GATE", strconv.Itoa(gate.port), "CHAIN", certs.chain).Replace(mainCF), 0o644)
	write(t, dir+"/master.cf", fmt.Sprintf(masterCF, m.ports["starttls"], m.ports["tls"], m.ports["plain"]), 0o644)
	cmd := exec.Command(root+"/usr/lib/postfix/sbin/master", "-c", dir, "-d")
	cmd.Env = append(os.Environ(), "MAIL_CONFIG="+dir, "LD_LIBRARY_PATH="+libraries(t, root))
	return m, cmd
}

const mainCF = `
compatibility_level = 3.6
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH
queue_directory = DIR/spool
data_directory = DIR/data
meta_directory = DIR
command_directory = ROOT/usr/sbin
daemon_directory = ROOT/usr/lib/postfix/sbin
shlib_directory = ROOT/usr/lib/postfix
mail_owner = news
setgid_group = uucp
maillog_file = DIR/log
maillog_file_prefixes = DIR
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
alias_maps =
local_recipient_maps =
biff = no
disable_dns_lookups = yes
smtpd_peername_lookup = no
# Nothing ever leaves.
default_transport = discard:nothing leaves this test
relay_transport = discard:nothing leaves this test
virtual_mailbox_domains = post.example
virtual_mailbox_base = DIR/mail
virtual_mailbox_maps = regexp:DIR/users
virtual_uid_maps = static:NOBODY
virtual_gid_maps = static:NOGROUP
virtual_minimum_uid = 1
smtpd_tls_chain_files = CHAIN
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:AUTH
mynetworks =
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:GATE
# The limits on errors stay as they are: after ten it is slow, after twenty it
# hangs up. Only its slowness is taken away.
smtpd_error_sleep_time = 0
smtpd_client_restrictions = permit_sasl_authenticated, reject
`

const masterCF = `
127.0.0.1:%d inet n - n - - smtpd
127.0.0.1:%d inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
127.0.0.1:%d inet n - n - - smtpd
  -o smtpd_tls_security_level=none
  -o smtpd_sasl_auth_enable=no
  -o smtpd_client_restrictions=permit
  -o smtpd_discard_ehlo_keywords=pipelining,chunking,starttls
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

// TestPostfix sends through Postfix's own SMTP server in every way that it can be
// reached, and compares what is in the mailbox in the end with what was sealed.
func TestPostfix(t *testing.T) {
	t.Parallel()
	auth := startAuth(t, "ann@acme.example", "correct horse")
	gate := startGate(t)
	m := startPostfix(t, auth, gate)
	r := newRig(t)
	r.Run()
	people := many(120, 3000)
	reach := func(c *transport.Config) { c.RootCAs = m.certs.pool }
	type way struct {
		service  string
		security delivery.Security
		user     string
		lists    string // pattern of addresses
	}
	ways := []way{
		{"starttls", delivery.SecurityStartTLS, "ann@acme.example", "s%d@post.example"},
		{"tls", delivery.SecurityTLS, "ann@acme.example", "t%d@post.example"},
		{"plain", delivery.SecurityNone, "", "p%d@post.example"},
		{"starttls", delivery.SecurityStartTLS, "ann@acme.example", "gone%d@post.example"},
		{"starttls", delivery.SecurityStartTLS, "ann@acme.example", "x%d@elsewhere.example"},
	}
	ids := make([]delivery.ID, len(ways))
	for i, w := range ways {
		a := delivery.Account{Port: m.ports[w.service], Security: w.security, User: w.user, Connections: 3}
		ids[i] = r.send(fmt.Sprint(i, w.service), r.audience(people, w.lists), content(2000), a, "correct horse", reach)
	}
	// A fifth of everybody is greylisted once.
	for i, w := range ways[:4] {
		want := fmt.Sprintf("finished accepted=%d", people)
		if i == 3 {
			want = fmt.Sprintf("finished rejected=%d", people)
		}
		v := r.until(t, ids[i], time.Minute+time.Duration(people)*100*time.Millisecond, over)
		if got := summary(v, ""); got != want {
			t.Errorf("%s %s: got %s, want %s; %+v", w.service, w.lists, got, want, v.Paused)
		}
	}
	// Elsewhere: a client that is known may relay, and what happens there is
	// not ours to know: accepted means by the relay.
	v := r.until(t, ids[4], time.Minute+time.Duration(people)*100*time.Millisecond, over)
	if got, want := summary(v, ""), fmt.Sprintf("finished accepted=%d", people); got != want {
		t.Errorf("elsewhere: got %s, want %s; %+v", got, want, v.Paused)
	}
	if t.Failed() {
		return
	}
	for _, x := range r.rows(t, ids[3]) {
		if got := row(x); got != "recipient user_unknown 550" {
			t.Errorf("%s: %s: %s", x.Address, got, x.Reply)
		}
	}
	// What Postfix has said yes to is on its way to the mailbox.
	for end := time.Now().Add(time.Minute + time.Duration(people)*100*time.Millisecond); len(m.mail()) < 3*people && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	all := m.receipts(t)
	if len(all) != 3*people {
		t.Errorf("%d messages in the mailbox, want %d", len(all), 3*people)
	}
	for i := range ways[:3] {
		var of []invariant.Receipt
		for _, x := range all {
			if x.Recipient[0] == ways[i].lists[0] {
				of = append(of, x)
			}
		}
		invariant.Check(t, r.Engine, ids[i], of)
	}
	invariant.Check(t, r.Engine, ids[3], nil)
	if n := gate.delayed(); n < people/2 {
		t.Errorf("%d were greylisted, want about %d", n, 4*people/5)
	}
}

// TestPostfixRefusesUs: a wrong password and a certificate of nobody's cost one
// try, and nobody is blamed.
func TestPostfixRefusesUs(t *testing.T) {
	t.Parallel()
	auth := startAuth(t, "ann@acme.example", "correct horse")
	m := startPostfix(t, auth, startGate(t))
	for _, c := range []struct {
		name, password string
		a              delivery.Account
		reach          func(*transport.Config)
		want           string
	}{
		{"wrong password", "battery staple", delivery.Account{Port: m.ports["starttls"], Security: delivery.SecurityStartTLS, User: "ann@acme.example"},
			func(c *transport.Config) { c.RootCAs = m.certs.pool }, "paused:auth pending=4"},
		{"no password", "", delivery.Account{Port: m.ports["starttls"], Security: delivery.SecurityStartTLS},
			func(c *transport.Config) { c.RootCAs = m.certs.pool }, "paused:relay pending=4"},
		{"unknown authority", "correct horse", delivery.Account{Port: m.ports["starttls"], Security: delivery.SecurityStartTLS, User: "ann@acme.example"},
			nil, "paused:certificate pending=4"},
		{"no TLS on offer", "correct horse", delivery.Account{Port: m.ports["plain"], Security: delivery.SecurityStartTLS, User: "ann@acme.example"},
			func(c *transport.Config) { c.RootCAs = m.certs.pool }, "paused:tls pending=4"},
		{"TLS is required", "correct horse", delivery.Account{Port: m.ports["starttls"], Security: delivery.SecurityNone},
			nil, "paused:auth pending=4"},
		{"TLS at the wrong port", "correct horse", delivery.Account{Port: m.ports["starttls"], Security: delivery.SecurityTLS, User: "ann@acme.example"},
			func(c *transport.Config) { c.RootCAs = m.certs.pool }, "paused:tls pending=4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.Run()
			tried := auth.tries()
			id := r.send(c.name, r.audience(4, "p%d@post.example"), content(0), c.a, c.password, c.reach)
			v := r.until(t, id, time.Minute, settled)
			if got := summary(v, c.want); got != c.want {
				t.Errorf("got %s, want %s: %+v", got, c.want, v.Paused)
			}
			if n := auth.tries() - tried; n > 1 {
				t.Errorf("the password was tried %d times", n)
			}
			invariant.Check(t, r.Engine, id, nil)
		})
	}
	if n := len(m.mail()); n != 0 {
		t.Errorf("%d messages in the mailbox", n)
	}
}
