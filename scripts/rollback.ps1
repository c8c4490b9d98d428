<#
.SYNOPSIS
Takes the canary back: traffic to the stable version, kill switch, previous version, until users are well.
.EXAMPLE
.\scripts\rollback.ps1 -Reason "p95_spike" -Stage "25%"
.EXAMPLE
.\scripts\rollback.ps1 -DryRun
.NOTES
Exit code 0: users are well within five minutes. 1: they are not. 2: nobody knows.
#>
# What has no name is for kanit: `v1.4.0`, `--again`. By its position it would become the reason.
[CmdletBinding(PositionalBinding = $false)]
param(
    [string] $Reason,
    [string] $Stage,
    [string] $Release,
    [switch] $DryRun,
    [Parameter(ValueFromRemainingArguments = $true)] [string[]] $Others
)

$ErrorActionPreference = 'Stop'
$words = @('rollback')
if ($Release) { $words += $Release }
# With an equals sign, a reason that begins with a dash is still a reason.
if ($Reason) { $words += "--reason=$Reason" }
if ($Stage) { $words += "--stage=$Stage" }
if ($DryRun) { $words += '--dry-run' }
if ($Others) { $words += $Others }

$root = Split-Path -Parent $PSScriptRoot
if ($env:OS -eq 'Windows_NT') {
    & node (Join-Path $root 'cli/main.ts') @words
}
else {
    & (Join-Path $root 'kanit') @words
}
exit $LASTEXITCODE
