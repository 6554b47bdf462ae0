package bridge

import (
	"fmt"
	"io"
	"runtime/debug"

	"sendoff/engine/delivery"
)

// Guard runs the window. When that panics the engine is closed in good order first,
// so that what its connections hold is finished and stored, and the panic goes on.
func Guard(engine io.Closer, run func()) {
	over := false
	defer func() {
		if !over {
			_ = engine.Close() // the panic says enough
		}
	}()
	run()
	over = true
}

// caught is the error of work that panicked: its window goes on.
func caught(p any) error {
	return &delivery.Error{Op: "window", Kind: delivery.KindInternal, Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
}
