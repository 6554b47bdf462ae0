package engine

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/user"
	"strconv"
	"strings"
	"sync"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/journal"
	"sendoff/engine/oauth"
	"sendoff/engine/preview/web"
	"sendoff/engine/queue"
	"sendoff/engine/sandbox"
	"sendoff/engine/secret"
	"sendoff/engine/store"
	"sendoff/engine/transport"
	"sendoff/engine/workspace"
)

// defaultLatency is how long the training relay takes for a reply: enough to
// watch a delivery of ten thousand leave, and to stop it half-way.
const defaultLatency = 4 * time.Millisecond

// trainingName is the account that every new workspace has.
const trainingName = "sandbox"

// Options say how an engine is opened.
type Options struct {
	Dir      string // the workspace's folder; made when missing
	ReadOnly bool   // look, change nothing, take no lock
	Window   bool   // this process has a window that a second start may raise

	// Watch says that this process is there for the workspace: when it crashes
	// that is noted, and after three crashes in a row while starting Open only
	// looks (ReadOnly tells KindCrashes). Insist opens such a workspace, and one
	// that lies where others may write to it (KindShared), all the same.
	Watch  bool
	Insist bool

	Operator string // name of a new workspace's first operator; empty for the system's user
	Language string // of the training sample: nl, or anything else for English
	Log      *slog.Logger

	// TrainingLatency is the training relay's time for a reply: 0 for the
	// usual one, negative for none.
	TrainingLatency time.Duration

	// Secrets keeps passwords; nil for the system's keyring, the workspace's
	// encrypted file and the environment.
	Secrets Secrets

	// Reach may change how a relay is reached before each connection, such as
	// the authorities to trust and the timeouts; nil changes nothing. It must
	// be safe for concurrent use.
	Reach func(*transport.Config)

	// Browser is the program that takes pictures of messages; empty for one that
	// is installed under a known name.
	Browser string

	// Backoff gives the waits before the second, third… try of a message; nil
	// for queue.DefaultBackoff.
	Backoff func(delivery.Account) []time.Duration

	// BackupEvery is how often a copy of the database is made while the engine
	// runs; 0: once a day.
	BackupEvery time.Duration

	// Queue may put something around what the dispatcher works with, such as
	// its journal or its dialer, to measure it; nil changes nothing.
	Queue func(*queue.Options)

	// Disk may put something between the engine and its files, to measure
	// them or to let them fail; nil changes nothing.
	Disk func(*store.Options, *journal.Options)
}

// Secrets keeps the passwords of accounts, and of OAuth accounts a
// delivery.OAuthSecret as text.
type Secrets interface {
	Set(account delivery.Account, password string) error
	Get(account delivery.Account) (string, error)
}

// Engine is one open workspace.
type Engine struct {
	dir      string
	log      *slog.Logger
	store    *store.Store
	journal  *journal.Journal // nil when read-only
	folder   *workspace.Folder
	secrets  Secrets
	tokens   *oauth.Tokens
	reach    func(*transport.Config)
	backoff  func(delivery.Account) []time.Duration
	tune     func(*queue.Options)
	disk     func(*store.Options, *journal.Options)
	hub      event.Hub
	latency  time.Duration
	language string

	jobs     jobs
	pages    web.Server // previews in the browser
	pictures pictures
	world    world
	signers  signers

	segments segments

	mu           sync.Mutex
	queue        *queue.Queue
	stop         context.CancelFunc // ends the dispatcher
	done         chan struct{}      // closed when it has ended
	preparations map[delivery.ID]*preparation
	broken       error // why the dispatcher gave up
	settled      *time.Timer
	every        time.Duration  // between two copies of the database
	copies       sync.WaitGroup // the one who makes them
}

// DefaultDir is the workspace in the user's data directory.
func DefaultDir() (string, error) { return workspace.DefaultDir() }

// Raise asks the window that holds a workspace to come to the front.
func Raise(dir string) error { return workspace.Raise(dir) }

// Open opens a workspace. KindLocked when another process has it open and
// ReadOnly is not set. A database of a newer program opens read-only.
func Open(ctx context.Context, o Options) (*Engine, error) {
	e := &Engine{dir: o.Dir, log: o.Log, secrets: o.Secrets, reach: o.Reach, backoff: o.Backoff, tune: o.Queue, disk: o.Disk, latency: o.TrainingLatency, language: o.Language,
		preparations: map[delivery.ID]*preparation{}}
	e.pictures.program = o.Browser
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.secrets == nil {
		e.secrets = secret.New(o.Dir)
	}
	if e.every = o.BackupEvery; e.every <= 0 {
		e.every = daily
	}
	if e.disk == nil {
		e.disk = func(*store.Options, *journal.Options) {}
	}
	e.tokens = oauth.New(e.secrets, func(err error) { e.log.Warn("a new refresh token could not be kept", "error", err) })
	switch {
	case e.latency == 0:
		e.latency = defaultLatency
	case e.latency < 0:
		e.latency = 0
	}
	if err := e.open(ctx, o); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// manyCrashes in a row while starting are no accident.
const manyCrashes = 3

// started is how long a dispatcher has to run before its start is over.
const started = 30 * time.Second

// doubts returns why the workspace should only be looked at, or nil.
func (e *Engine) doubts(o Options) error {
	if o.Watch {
		n, err := e.folder.Watch()
		switch {
		case err != nil:
			e.log.Warn("crashes of this process are not noted", "error", err)
		case o.Insist:
			if err := e.folder.Insist(); err != nil {
				return err
			}
		case n >= manyCrashes:
			if err := e.folder.Safe(); err != nil {
				return err
			}
			return &delivery.Error{Op: "open", Kind: delivery.KindCrashes, File: o.Dir, Detail: strconv.Itoa(n)}
		}
	}
	what := workspace.Place(o.Dir)
	if what == "" || workspace.Accepted(o.Dir) {
		return nil
	}
	if o.Insist {
		return workspace.Accept(o.Dir)
	}
	return &delivery.Error{Op: "open", Kind: delivery.KindShared, File: o.Dir, Detail: what}
}

func (e *Engine) open(ctx context.Context, o Options) error {
	at := store.Options{Dir: o.Dir, ReadOnly: o.ReadOnly}
	if !o.ReadOnly {
		if err := workspace.Create(o.Dir); err != nil {
			return err
		}
		var raise func()
		if o.Window {
			raise = func() { e.hub.Publish(event.Raise{}) }
		}
		var err error
		if e.folder, err = workspace.Hold(o.Dir, raise); err != nil {
			return err
		}
		at.Why = e.doubts(o)
		at.ReadOnly = at.Why != nil
	}
	e.disk(&at, &journal.Options{})
	var err error
	e.store, err = store.Open(ctx, at)
	if delivery.Is(err, delivery.KindNoFile) && at.Why != nil {
		return at.Why // there is nothing to look at
	}
	if err != nil {
		return err
	}
	if e.store.ReadOnly() != nil {
		return nil
	}
	first := strings.TrimSpace(o.Operator)
	if first == "" {
		first = systemUser()
	}
	if err := e.store.Settle(ctx, first, delivery.Account{
		Name: trainingName, Kind: delivery.AccountSandbox, Connections: 8}); err != nil {
		return err
	}
	e.dropAssets(ctx)
	if err := e.recover(ctx); err != nil {
		return err
	}
	e.sweepCopies(ctx)
	return nil
}

// recover brings the database up to what the journal knows.
func (e *Engine) recover(ctx context.Context) error {
	applied, err := e.store.Applied(ctx)
	if err != nil {
		return err
	}
	at := journal.Options{Dir: e.dir, Workspace: e.store.ID(), Applied: applied}
	e.disk(&store.Options{}, &at)
	j, left, err := journal.Open(at)
	if err != nil {
		return err
	}
	e.journal = j
	if err := e.store.Recover(ctx, left); err != nil {
		return err
	}
	if err := e.store.RecoverProofs(ctx); err != nil {
		return err
	}
	j.Applied(left.Last)
	return nil
}

// systemUser is the name of whoever starts this process.
func systemUser() string {
	if u, err := user.Current(); err == nil {
		if name, _, _ := strings.Cut(u.Name, ","); strings.TrimSpace(name) != "" {
			return strings.TrimSpace(name)
		}
		if u.Username != "" {
			return u.Username
		}
	}
	if name := os.Getenv("USER"); name != "" {
		return name
	}
	return "owner"
}

// Run starts the dispatcher: from now on confirmed deliveries leave. Calling it
// again does nothing.
func (e *Engine) Run() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.queue != nil || e.store.ReadOnly() != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	e.stop, e.done = cancel, make(chan struct{})
	e.queue = e.newQueue()
	e.copies.Go(func() { e.keepBackups(ctx) })
	if e.folder != nil {
		e.settled = time.AfterFunc(started, func() {
			if err := e.folder.Started(); err != nil {
				e.log.Warn("the end of the start is not noted", "error", err)
			}
		})
	}
	go func(q *queue.Queue, done chan struct{}) {
		defer close(done)
		if err := q.Run(ctx); err != nil {
			e.log.Error("sending stopped", "error", err)
			if delivery.Is(err, delivery.KindInternal) && e.folder != nil {
				e.folder.Crashed(err)
			}
			e.mu.Lock()
			e.broken = err
			e.mu.Unlock()
			e.hub.Publish(event.Fatal{Err: err})
		}
	}(e.queue, e.done)
}

// Broken returns why the dispatcher gave up, or nil.
func (e *Engine) Broken() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.broken
}

// Close ends preparations and sending, waits for the messages that connections
// hold, and lets the workspace go.
func (e *Engine) Close() error {
	e.mu.Lock()
	for _, p := range e.preparations {
		p.cancel()
	}
	stop, done := e.stop, e.done
	if e.settled != nil {
		e.settled.Stop()
	}
	e.mu.Unlock()
	e.jobs.end()
	if stop != nil {
		stop()
		<-done
		e.copies.Wait()
	}
	e.mu.Lock()
	waiting := make([]*preparation, 0, len(e.preparations))
	for _, p := range e.preparations {
		waiting = append(waiting, p)
	}
	e.mu.Unlock()
	for _, p := range waiting {
		<-p.done
	}
	e.segments.close()
	var errs []error
	errs = append(errs, e.pages.Close(), e.world.close())
	if e.journal != nil {
		errs = append(errs, e.journal.Close())
	}
	if e.store != nil {
		errs = append(errs, e.store.Close())
	}
	if e.folder != nil {
		errs = append(errs, e.folder.Close())
	}
	return errors.Join(errs...)
}

// Dir is the workspace's folder.
func (e *Engine) Dir() string { return e.dir }

// ReadOnly returns why nothing can be changed, or nil.
func (e *Engine) ReadOnly() error { return e.store.ReadOnly() }

// Subscribe opens a mailbox of changes that already holds the status of every
// delivery.
func (e *Engine) Subscribe() *event.Subscription {
	return e.hub.Subscribe(func() []event.Event {
		views, err := e.store.Deliveries(context.Background())
		if err != nil {
			return []event.Event{event.Fatal{Err: err}}
		}
		out := []event.Event{event.Lists{}}
		for _, v := range views {
			out = append(out, event.Status{Status: e.live(v).Status})
		}
		return out
	})
}

// changed tells everybody that a delivery is not what it was.
func (e *Engine) changed(id delivery.ID) {
	v, err := e.Delivery(context.Background(), id)
	if err != nil {
		e.hub.Publish(event.Changed{ID: id}, event.Lists{})
		return
	}
	e.hub.Publish(event.Changed{ID: id}, event.Status{Status: v.Status}, event.Lists{})
}

// Operators lists who works here; the first one acts by default.
func (e *Engine) Operators(ctx context.Context) ([]access.Operator, error) {
	return e.store.Operators(ctx)
}

// AddOperator adds a person with rights. Needs the right Admin.
func (e *Engine) AddOperator(ctx context.Context, who access.Principal, name string, rights access.Rights) (access.Operator, error) {
	o, err := e.store.AddOperator(ctx, who, name, rights)
	if err == nil {
		e.hub.Publish(event.Lists{})
	}
	return o, err
}

// world is the training mail world, started when first needed.
type world struct {
	mu sync.Mutex
	w  *sandbox.World
}

func (w *world) addr(latency time.Duration) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.w == nil {
		s, err := sandbox.Start(sandbox.Options{Seed: sampleSeed, Latency: latency})
		if err != nil {
			return "", err
		}
		w.w = s
	}
	return w.w.Addr(), nil
}

func (w *world) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.w == nil {
		return nil
	}
	return w.w.Close()
}
