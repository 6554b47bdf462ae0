package main

import (
	"context"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/htmlimport"
	"sendoff/engine/kpi"
	"sendoff/engine/preview"
	"sendoff/engine/sandbox"
)

// Engine is what this program needs of the engine.
type Engine interface {
	Dir() string
	ReadOnly() error
	Run()
	Close() error
	Subscribe() *event.Subscription
	AddSample(context.Context) (delivery.ID, error)
	Operators(context.Context) ([]access.Operator, error)
	AddOperator(ctx context.Context, who access.Principal, name string, rights access.Rights) (access.Operator, error)
	Accounts(context.Context) ([]delivery.Account, error)
	AddAccount(ctx context.Context, who access.Principal, a delivery.Account, password string) (delivery.Account, error)
	EditAccount(ctx context.Context, who access.Principal, a delivery.Account, password string) error
	TestAccount(ctx context.Context, a delivery.Account, password string, progress func(delivery.AccountStep)) (delivery.AccountTest, error)
	DKIM(ctx context.Context, account int64) (delivery.DKIMRecord, error)
	SetDKIM(ctx context.Context, who access.Principal, account int64, d delivery.DKIM, key string) (delivery.DKIMRecord, error)
	Audiences(context.Context) ([]delivery.Audience, error)
	Fields(context.Context) ([]delivery.Field, error)
	ruleEngine
	Import(context.Context, access.Principal, engine.ImportRequest, func(engine.ImportProgress)) (engine.ImportResult, error)
	CheckImport(context.Context, engine.ImportRequest, func(engine.ImportProgress)) (engine.ImportCheck, error)
	Imports(context.Context) ([]delivery.Import, error)
	UndoImport(ctx context.Context, who access.Principal, id int64) (delivery.ImportUndo, error)

	AddAsset(ctx context.Context, who access.Principal, name string, data []byte) (delivery.Asset, error)
	ImportHTML(ctx context.Context, who access.Principal, file string) (htmlimport.Result, error)
	AttachmentFolder(id delivery.ID, c delivery.Content) string
	Message(ctx context.Context, id delivery.ID, number int64) (delivery.Message, error)
	CreateDelivery(context.Context, access.Principal, delivery.Draft) (delivery.ID, error)
	EditDelivery(context.Context, access.Principal, delivery.ID, delivery.Draft) error
	DuplicateDelivery(context.Context, access.Principal, delivery.ID) (delivery.ID, error)
	FollowUp(context.Context, access.Principal, delivery.ID, engine.FollowRequest) (delivery.ID, error)
	DeleteDelivery(context.Context, access.Principal, delivery.ID) error
	Deliveries(context.Context) ([]delivery.View, error)
	Delivery(context.Context, delivery.ID) (delivery.View, error)
	CheckContent(context.Context, delivery.Draft) ([]delivery.Finding, error)
	CheckLinks(ctx context.Context, c delivery.Content, progress func(done, total int)) ([]delivery.Finding, error)
	SendProof(ctx context.Context, who access.Principal, id delivery.ID, d *delivery.Draft, to []delivery.ProofAddress) (delivery.Proof, error)
	PreviewDraft(ctx context.Context, id delivery.ID, d delivery.Draft, as engine.PreviewAs) (engine.Preview, error)
	NeighbourOf(ctx context.Context, d delivery.Draft, profile int64, step int) (int64, error)
	Riskiest(ctx context.Context, id delivery.ID, d delivery.Draft) ([]preview.Risk, error)
	Document(ctx context.Context, p engine.Preview, dark, images bool) []byte
	ProfileNumbers(context.Context, delivery.ProfileQuery) ([]int64, error)
	ProfileRows(ctx context.Context, numbers []int64) ([]delivery.Profile, error)
	Prepare(context.Context, access.Principal, delivery.ID) error
	Confirm(ctx context.Context, who access.Principal, id delivery.ID, plan string) error
	Pause(context.Context, access.Principal, delivery.ID) error
	Resume(context.Context, access.Principal, delivery.ID) error
	Stop(context.Context, access.Principal, delivery.ID) error

	Log(context.Context, delivery.ID) ([]delivery.LogLine, error)
	EachRow(ctx context.Context, id delivery.ID, f engine.RowFilter, fn func(delivery.Row) error) error
	ComputeStats(context.Context, delivery.ID) (kpi.Recount, error)
	EachDoubt(ctx context.Context, id delivery.ID, fn func(delivery.Doubt) error) error
	ResolveDoubt(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64, how delivery.Decision) (delivery.Resolution, error)
	WithdrawDecision(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64) (delivery.Resolution, error)
}

// world is a running training mail world.
type world interface {
	Addr() string
	Stats() sandbox.Stats
	Close() error
}

// app is one run of the program.
type app struct {
	out, err io.Writer
	terminal bool // err is one
	getenv   func(string) string
	open     func(context.Context, engine.Options) (Engine, error)
	world    func(listen string) (world, error)

	// cwd is what relative paths are relative to; empty for this process's own.
	cwd string
	// lender is set when the engine is not this command's: it runs already, and
	// it ends when lender does.
	lender context.Context
	// alone says that the command needs the workspace for itself.
	alone bool

	workspace string
	as        string
	json      bool
	insist    bool
}

// path makes a path of the command line absolute, if it is another process's.
func (a *app) path(p string) string {
	if a.cwd == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(a.cwd, p)
}

// dir is the workspace's folder.
func (a *app) dir() (string, error) {
	if a.workspace == "" {
		return engine.DefaultDir()
	}
	dir, err := filepath.Abs(a.workspace)
	if err != nil {
		return "", &delivery.Error{Op: "open", Kind: delivery.KindIO, File: a.workspace, Err: err}
	}
	return dir, nil
}

// change opens the workspace to change something in it, and closes it after do.
func (a *app) change(ctx context.Context, do func(Engine, access.Principal) error) (err error) {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	e, err := a.open(ctx, engine.Options{Dir: dir, Watch: true, Insist: a.insist})
	if err != nil {
		return err
	}
	defer func() {
		if cerr := e.Close(); err == nil {
			err = cerr
		}
	}()
	if err := e.ReadOnly(); err != nil {
		return err
	}
	who, err := a.principal(ctx, e)
	if err != nil {
		return err
	}
	return do(e, who)
}

// look opens the workspace to read only, so that it also works while a window
// or another sendoffctl has it.
func (a *app) look(ctx context.Context, do func(Engine) error) (err error) {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	e, err := a.open(ctx, engine.Options{Dir: dir, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() {
		if cerr := e.Close(); err == nil {
			err = cerr
		}
	}()
	return do(e)
}

// principal is who acts: the operator of --as, by name or number, or the
// workspace's first.
func (a *app) principal(ctx context.Context, e Engine) (access.Principal, error) {
	os, err := e.Operators(ctx)
	if err != nil {
		return access.Principal{}, err
	}
	for _, o := range os {
		if a.as == "" || strings.EqualFold(o.Name, strings.TrimSpace(a.as)) || strconv.FormatInt(o.ID, 10) == a.as {
			return access.Principal{Operator: o.ID}, nil
		}
	}
	return access.Principal{}, &delivery.Error{Kind: delivery.KindNotFound, Field: "operator", Detail: a.as}
}

// deliveryArg reads the number of a delivery from a command line.
func deliveryArg(s string) (delivery.ID, error) {
	id, err := delivery.ParseID(s)
	if err != nil {
		return 0, usagef("%q is not the number of a delivery; write 3 or DM3", s)
	}
	return id, nil
}
