// Package arch holds the module to its architecture: which package may import
// which, and who may call what. It needs neither a display nor a C compiler; it
// reads the source and asks the go command.
package arch

import (
	"slices"
	"strings"
)

const module = "sendoff"

// pkg is one package of this module, as far as the rules look at it.
type pkg struct {
	path    string   // "engine/store"; "" is main
	imports []string // of its code
	tests   []string // of its tests, besides
	deps    []string // everything that its code needs, directly or not
	uses    []use    // of its code
}

// use is a mention of an exported name of another package.
type use struct{ from, name string }

// rule says what must hold of every package. An empty answer is good news.
type rule struct {
	name  string
	check func(p pkg) string
	// bad is a package that the rule must find fault with.
	bad pkg
}

// under reports whether a package of this module lies in one of the folders.
func under(p string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return p == f || strings.HasPrefix(p, f+"/") })
}

// local gives the folder of an import path of this module.
func local(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// first returns the first import path that a package must not have.
func first(paths []string, forbidden func(string) bool) string {
	if i := slices.IndexFunc(paths, forbidden); i >= 0 {
		return paths[i]
	}
	return ""
}

// within matches import paths of a module or folder outside this module.
func within(prefixes ...string) func(string) bool {
	return func(path string) bool { return under(path, prefixes...) }
}

// ours matches import paths of this module in the folders.
func ours(folders ...string) func(string) bool {
	return func(path string) bool {
		l, ok := local(path)
		return ok && under(l, folders...)
	}
}

// standard reports whether a path is of the standard library: its first element
// has no dot.
func standard(path string) bool {
	head, _, _ := strings.Cut(path, "/")
	return head != module && !strings.Contains(head, ".")
}

// onlyIn is a rule that some imports are for some folders alone.
func onlyIn(what func(string) bool, folders ...string) func(pkg) string {
	return func(p pkg) string {
		if under(p.path, folders...) {
			return ""
		}
		return first(p.imports, what)
	}
}

// calls returns the first of the names of a package that p mentions.
func calls(p pkg, from string, names ...string) string {
	for _, u := range p.uses {
		if u.from == from && slices.Contains(names, u.name) {
			return from + "." + u.name
		}
	}
	return ""
}

const (
	fyneRoot = "fyne.io/fyne/v2"
	goSMTP   = "github.com/emersion/go-smtp"
)

// face is everything that an engine without a face must not know.
func face(path string) bool {
	return within("fyne.io", "gonum.org", "github.com/dweymouth/fyne-tooltip")(path) || ours("app", "widgets", "resources")(path) || path == module
}

// rules is the architecture. The way to change it is to change this list.
func rules() []rule {
	return []rule{
		{"nothing under engine needs a window, charts, app, widgets or resources",
			func(p pkg) string {
				if !under(p.path, "engine") {
					return ""
				}
				return first(slices.Concat(p.imports, p.tests, p.deps), face)
			},
			pkg{path: "engine/queue", deps: []string{"fyne.io/fyne/v2/lang"}}},
		{"tests under engine need no window either",
			func(p pkg) string {
				if !under(p.path, "engine") {
					return ""
				}
				return first(p.tests, face)
			},
			pkg{path: "engine/kpi", tests: []string{"sendoff/app/state"}}},
		{"engine/delivery imports the standard library alone",
			func(p pkg) string {
				if p.path != "engine/delivery" {
					return ""
				}
				return first(p.imports, func(path string) bool { return !standard(path) })
			},
			pkg{path: "engine/delivery", imports: []string{"time", "sendoff/engine/event"}}},
		{"SQL lives in engine/store alone",
			onlyIn(within("database/sql", "github.com/mattn/go-sqlite3"), "engine/store"),
			pkg{path: "engine/queue", imports: []string{"database/sql"}}},
		{"nobody uses the SMTP client of the standard library",
			func(p pkg) string { return first(slices.Concat(p.imports, p.tests), within("net/smtp")) },
			pkg{path: "engine/transport", imports: []string{"net/smtp"}}},
		{"AUTH belongs to the transport and to servers",
			onlyIn(within("github.com/emersion/go-sasl", "github.com/xdg-go/scram"), "engine/transport", "engine/sandbox", "engine/enginetest"),
			pkg{path: "engine/queue", imports: []string{"github.com/emersion/go-sasl"}}},
		{"go-smtp is for servers (the training world and test servers), and something to be measured against",
			onlyIn(within(goSMTP), "engine/sandbox", "engine/enginetest", "engine/bench"),
			pkg{path: "engine/transport", imports: []string{goSMTP}}},
		{"go-smtp's client is not used by servers either",
			func(p pkg) string {
				if p.path == "engine/bench" {
					return ""
				}
				return calls(p, goSMTP, "Dial", "DialTLS", "DialStartTLS", "NewClient", "NewClientLMTP", "NewClientStartTLS", "SendMail", "SendMailTLS")
			},
			pkg{path: "engine/sandbox", uses: []use{{goSMTP, "Dial"}}}},
		{"the training world cannot open a connection",
			func(p pkg) string {
				if p.path != "engine/sandbox" {
					return ""
				}
				return calls(p, "net", "Dial", "DialTimeout", "DialTCP", "DialUDP", "Dialer", "Resolver", "LookupHost", "LookupMX", "LookupIP", "LookupAddr")
			},
			pkg{path: "engine/sandbox", uses: []use{{"net", "Dialer"}}}},
		{"widgets know neither engine nor app",
			func(p pkg) string {
				if !under(p.path, "widgets") {
					return ""
				}
				return first(slices.Concat(p.imports, p.tests), ours("engine", "app"))
			},
			pkg{path: "widgets/ring", imports: []string{"sendoff/engine/delivery"}}},
		{"gonum draws in widgets/plotting alone",
			onlyIn(within("gonum.org"), "widgets/plotting"),
			pkg{path: "widgets/chart", imports: []string{"gonum.org/v1/plot"}}},
		{"widgets/plotting draws without a window",
			func(p pkg) string {
				if !under(p.path, "widgets/plotting") {
					return ""
				}
				return first(p.imports, within("fyne.io"))
			},
			pkg{path: "widgets/plotting", imports: []string{fyneRoot}}},
		{"app/state is pure: no window, no store",
			func(p pkg) string {
				if !under(p.path, "app/state") {
					return ""
				}
				return first(slices.Concat(p.imports, p.deps), func(path string) bool {
					return within("fyne.io")(path) || ours("engine/store")(path) || path == module+"/engine"
				})
			},
			pkg{path: "app/state", imports: []string{fyneRoot}}},
		{"the driver of the window is main's alone",
			func(p pkg) string {
				if p.path == "" {
					return ""
				}
				return first(slices.Concat(p.imports, p.tests), within(fyneRoot+"/app"))
			},
			pkg{path: "app/shell", imports: []string{fyneRoot + "/app"}}},
		{"app/bridge is the only way onto the UI goroutine",
			func(p pkg) string {
				if p.path == "app/bridge" {
					return ""
				}
				return calls(p, fyneRoot, "Do", "DoAndWait")
			},
			pkg{path: "app/shell", uses: []use{{fyneRoot, "DoAndWait"}}}},
		{"pure packages never read the clock",
			func(p pkg) string {
				if !under(p.path, "engine/schedule", "engine/kpi", "engine/rule", "engine/segment", "engine/quarantine", "engine/delivery", "engine/message", "engine/block", "engine/template", "engine/sample", "engine/access", "app/state") {
					return ""
				}
				return calls(p, "time", "Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep")
			},
			pkg{path: "engine/kpi", uses: []use{{"time", "Now"}}}},
		{"the façade is called by front ends, not by its own parts",
			func(p pkg) string {
				if !under(p.path, "engine") || p.path == "engine" || under(p.path, "engine/cmd", "engine/bench", "engine/enginetest") {
					return ""
				}
				return first(p.imports, func(path string) bool { return path == module+"/engine" })
			},
			pkg{path: "engine/prepare", imports: []string{"sendoff/engine"}}},
	}
}
