package queuetest_test

import (
	"testing"

	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
)

func TestMemory(t *testing.T) {
	queuetest.Run(t, func(*testing.T) (queue.Store, queuetest.Seeder) {
		m := queuetest.NewMemory()
		return m, m
	})
}
