// SPDX-License-Identifier: MIT

// A test to copy, for Testcontainers for Go and Google's library; the image
// gcs-sim is that of examples/docker.
package photos

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"cloud.google.com/go/storage"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// startSim answers the simulator's URL; it ends with the test.
func startSim(t *testing.T, options ...string) string {
	t.Helper()
	ctx := context.Background()
	sim, err := testcontainers.GenericContainer(ctx,
		testcontainers.GenericContainerRequest{
			ContainerRequest: testcontainers.ContainerRequest{
				Image:        "gcs-sim",
				Cmd:          options,
				ExposedPorts: []string{"4443/tcp"},
				WaitingFor:   wait.ForHTTP("/_sim/health").WithPort("4443/tcp"),
			},
			Started: true,
		})
	testcontainers.CleanupContainer(t, sim)
	if err != nil {
		t.Fatal(err)
	}
	url, err := sim.PortEndpoint(ctx, "4443/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func TestDeleteIsOneRequest(t *testing.T) {
	url := startSim(t, "--bucket", "photos", "--latency", "42ms")
	t.Setenv("STORAGE_EMULATOR_HOST", url)
	ctx := context.Background()
	client, err := storage.NewClient(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()

	err = client.Bucket("photos").Object("cat").Delete(ctx)
	if err != storage.ErrObjectNotExist {
		t.Fatalf("deleting what is not there: %v", err)
	}
	answer, err := http.Get(url + "/_sim/requests?format=text")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	requests, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(requests)); got != "DELETE cat 404" {
		t.Errorf("the server saw:\n%s", got)
	}
}
