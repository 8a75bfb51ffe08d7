module example.org/consumers/cyclonedx-go

go 1.25

require github.com/CycloneDX/cyclonedx-go v0.12.0
