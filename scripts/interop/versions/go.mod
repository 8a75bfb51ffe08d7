module compare

go 1.24.6

require github.com/google/osv-scalibr v0.4.5
