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

// startExim starts an Exim with three services: "starttls", where TLS and AUTH
// PLAIN are required, "tls", the same with TLS from the first byte, and "login",
// which knows AUTH LOGIN alone. It insists on the order of what is sent
// (smtp_enforce_sync), takes twenty messages a connection and then says 421,
// knows every mailbox of post.example but those that begin with "gone", and asks
// gate about every recipient.
func startExim(t testing.TB, name, password string, gate *gate) *mta {
	t.Helper()
	root, ok := root(t, "/usr/sbin/exim4")
	if !ok {
		t.Skip("Exim is not there (make test unpacks it)")
	}
	if os.Geteuid() != 0 {
		t.Skip("Exim takes a configuration of ours from root only")
	}
	return run(t, func() (*mta, *exec.Cmd) { return newExim(t, root, name, password, gate) })
}

// newExim configures one below a folder.
func newExim(t testing.TB, root, name, password string, gate *gate) (*mta, *exec.Cmd) {
	t.Helper()
	dir := folder(t)
	uid, gid := id(t, "news")
	certs := newCerts(t, dir)
	m := &mta{dir: dir, certs: certs, ports: map[string]int{"starttls": freePort(t), "tls": freePort(t), "login": freePort(t)},
		own: []string{"Return-path", "Envelope-to", "Delivery-date", "Received"},
		log: func() string {
			a, _ := os.ReadFile(dir + "/log/mainlog")
			b, _ := os.ReadFile(dir + "/log/paniclog")
			return string(a) + string(b)
		},
		mail: func() []string {
			files, _ := filepath.Glob(dir + "/mail/new/*")
			return files
		}}
	for _, name := range []string{"/spool", "/log", "/mail"} {
		owned(t, dir+name, 0o750, uid, gid)
	}
	write(t, dir+"/conf", strings.NewReplacer("DIR", dir, "ROOT", root, "NAME", name, "PASSWORD", password,
		"UID", strconv.Itoa(uid), "GID", strconv.Itoa(gid), "GATE", strconv.Itoa(gate.port), "KEY", certs.key, "CERT", certs.cert,
		"P1", strconv.Itoa(m.ports["starttls"]), "P2", strconv.Itoa(m.ports["tls"]), "P3", strconv.Itoa(m.ports["login"])).Replace(eximConf), 0o644)
	cmd := exec.Command(root+"/usr/sbin/exim4", "-C", dir+"/conf", "-bdf", "-q5s")
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+libraries(t, root))
	if root != "" {
		// Its own user is made by its installation.
		found, _ := filepath.Glob(root + "/usr/lib/*/libnss_wrapper.so")
		if len(found) == 0 {
			t.Skip("libnss-wrapper is not there (make test unpacks it)")
		}
		users, _ := os.ReadFile("/etc/passwd")
		groups, _ := os.ReadFile("/etc/group")
		write(t, dir+"/passwd", fmt.Sprintf("%sDebian-exim:x:%d:%d::%s:/bin/false\n", users, uid, gid, dir), 0o644)
		write(t, dir+"/group", fmt.Sprintf("%sDebian-exim:x:%d:\n", groups, gid), 0o644)
		cmd.Env = append(cmd.Env, "LD_PRELOAD="+found[0], "NSS_WRAPPER_PASSWD="+dir+"/passwd", "NSS_WRAPPER_GROUP="+dir+"/group")
	}
	return m, cmd
}

const eximConf = `
keep_environment = LD_PRELOAD : LD_LIBRARY_PATH : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
exim_path = ROOT/usr/sbin/exim4
exim_user = UID
exim_group = GID
never_users =
spool_directory = DIR/spool
log_file_path = DIR/log/%slog
pid_file_path = DIR/pid
primary_hostname = relay.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = P1 : P2 : P3
tls_on_connect_ports = P2
tls_advertise_hosts = *
tls_certificate = CERT
tls_privatekey = KEY
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
host_lookup =
rfc1413_hosts =
smtp_accept_max = 0
smtp_accept_queue_per_connection = 0
smtp_accept_max_per_connection = 20
message_size_limit = 512K
split_spool_directory = true
bounce_return_message = false
acl_smtp_rcpt = rcpt
acl_smtp_mail = mail
# Nothing ever leaves.
begin acl
mail:
  deny message = Authentication required
       !authenticated = *
  accept
rcpt:
  deny message = relay not permitted
       !domains = post.example
  deny message = Unrouteable address
       condition = ${if match{$local_part}{\N^gone\N}}
  defer message = Greylisted, please try again
        condition = ${if match{${readsocket{inet:127.0.0.1:GATE}{recipient=$local_part@$domain\n\n}{10s}}}{451}}
  accept
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  directory = DIR/mail
  maildir_format
  user = UID
  group = GID
  envelope_to_add
  return_path_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and {{eq{$auth2}{NAME}}{eq{$auth3}{PASSWORD}}}}
  server_set_id = $auth2
  server_advertise_condition = ${if !eq{$received_port}{P3}}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = User Name : Password
  server_condition = ${if and {{eq{$auth1}{NAME}}{eq{$auth2}{PASSWORD}}}}
  server_set_id = $auth1
  server_advertise_condition = ${if eq{$received_port}{P3}}
`

// TestExim sends through Exim, which is stricter than others about the order of
// things, and compares what is in the mailbox in the end with what was sealed.
func TestExim(t *testing.T) {
	t.Parallel()
	const name, password = "ann@acme.example", "correct horse"
	gate := startGate(t)
	m := startExim(t, name, password, gate)
	r := newRig(t)
	r.Run()
	people := many(80, 1000)
	reach := func(c *transport.Config) { c.RootCAs = m.certs.pool }
	ways := []struct {
		service  string
		security delivery.Security
		lists    string // pattern of addresses
		want     string
	}{
		{"starttls", delivery.SecurityStartTLS, "s%d@post.example", fmt.Sprintf("finished accepted=%d", people)},
		{"tls", delivery.SecurityTLS, "t%d@post.example", fmt.Sprintf("finished accepted=%d", people)},
		{"login", delivery.SecurityStartTLS, "l%d@post.example", fmt.Sprintf("finished accepted=%d", people)},
		{"starttls", delivery.SecurityStartTLS, "gone%d@post.example", fmt.Sprintf("finished rejected=%d", people)},
		{"starttls", delivery.SecurityStartTLS, "x%d@elsewhere.example", fmt.Sprintf("paused:relay pending=%d", people)},
	}
	ids := make([]delivery.ID, len(ways))
	for i, w := range ways {
		a := delivery.Account{Port: m.ports[w.service], Security: w.security, User: name, Connections: 2}
		ids[i] = r.send(fmt.Sprint(i, w.service), r.audience(people, w.lists), content(2000), a, password, reach)
	}
	for i, w := range ways {
		v := r.until(t, ids[i], time.Minute+time.Duration(people)*100*time.Millisecond, over)
		if got := summary(v, ""); got != w.want {
			t.Errorf("%s %s: got %s, want %s; %+v", w.service, w.lists, got, w.want, v.Paused)
		}
	}
	if t.Failed() {
		return
	}
	for _, x := range r.rows(t, ids[3]) {
		if got := row(x); got != "recipient invalid_domain 550" {
			t.Errorf("%s: %s: %s", x.Address, got, x.Reply)
		}
	}
	for end := time.Now().Add(time.Minute + time.Duration(people)*100*time.Millisecond); len(m.mail()) < 3*people && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	all := m.receipts(t)
	if len(all) != 3*people {
		t.Errorf("%d messages in the mailbox, want %d", len(all), 3*people)
	}
	for i := range ways {
		var of []invariant.Receipt
		for _, x := range all {
			if x.Recipient[0] == ways[i].lists[0] && i < 3 {
				of = append(of, x)
			}
		}
		invariant.Check(t, r.Engine, ids[i], of)
	}
}

// TestEximSize: the relay says how much it takes, and what is larger is not even
// begun.
func TestEximSize(t *testing.T) {
	t.Parallel()
	const name, password = "ann@acme.example", "correct horse"
	m := startExim(t, name, password, startGate(t))
	r := newRig(t)
	r.Run()
	id := r.send("large", r.audience(12, "p%d@post.example"), content(900<<10), delivery.Account{Port: m.ports["tls"], Security: delivery.SecurityTLS, User: name},
		password, func(c *transport.Config) { c.RootCAs = m.certs.pool })
	v := r.until(t, id, time.Minute, settled)
	if got, want := summary(v, ""), "paused:message_too_large pending=7 rejected=5"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	invariant.Check(t, r.Engine, id, nil)
	if n := len(m.mail()); n != 0 {
		t.Errorf("%d messages in the mailbox", n)
	}
}
