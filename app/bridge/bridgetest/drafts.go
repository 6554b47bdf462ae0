package bridgetest

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// SaveDraft keeps what was typed.
func (e *Engine) SaveDraft(_ context.Context, key, value string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.drafts == nil {
		e.drafts = map[string]delivery.FormDraft{}
	}
	if value == "" {
		delete(e.drafts, key)
		return nil
	}
	e.drafts[key] = delivery.FormDraft{Value: value, At: Now()}
	return nil
}

// Draft gives it back.
func (e *Engine) Draft(_ context.Context, key string) (delivery.FormDraft, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.drafts[key], nil
}

// AddOperator adds one.
func (e *Engine) AddOperator(_ context.Context, who access.Principal, name string, rights access.Rights) (access.Operator, error) {
	e.mu.Lock()
	if err := e.operator(who).Check("add_operator", access.Admin); err != nil {
		e.mu.Unlock()
		return access.Operator{}, err
	}
	o := access.Operator{ID: int64(len(e.operators) + 1), Name: name, Rights: rights}
	e.operators = append(e.operators, o)
	e.mu.Unlock()
	e.Hub.Publish(event.Lists{})
	return o, nil
}

// EditOperator changes name and rights.
func (e *Engine) EditOperator(_ context.Context, who access.Principal, o access.Operator) error {
	e.mu.Lock()
	if err := e.operator(who).Check("edit_operator", access.Admin); err != nil {
		e.mu.Unlock()
		return err
	}
	for i := range e.operators {
		if e.operators[i].ID == o.ID {
			e.operators[i] = o
		}
	}
	e.mu.Unlock()
	e.Hub.Publish(event.Lists{})
	return nil
}
