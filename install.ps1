<#
.SYNOPSIS
Installs zag-ps, one program without dependencies, for this user.

.DESCRIPTION
It downloads the archive of this platform and SHA256SUMS, compares them, starts
the program once, and puts it in place. If anything fails, what was there before
stays. On Linux and macOS use install.sh.

    irm https://github.com/zag-ps/zag-ps/releases/latest/download/install.ps1 | iex
    & ([scriptblock]::Create((irm .../install.ps1))) -Version 0.1.0 -Dir C:\Tools

The variable ZAG_PS_BASE_URL names another place than GitHub's releases: a
mirror has latest/download/FILE and download/vVERSION/FILE below it.

.PARAMETER Version
This version, such as 0.1.0; the latest unless given.

.PARAMETER Dir
The folder for the program (%LOCALAPPDATA%\Programs\zag-ps).

.PARAMETER Uninstall
Remove the program from the folder.

.PARAMETER Help
Show this help.
#>
param(
  [string] $Version = '',
  [string] $Dir = '',
  [switch] $Uninstall,
  [switch] $Help
)

# One function, called at the end: a script that is cut off does nothing.
function Install-ZagPs {
  param([string] $Version, [string] $Dir, [bool] $Uninstall, [bool] $Help)

  $ErrorActionPreference = 'Stop'
  # With a progress bar Windows PowerShell downloads many times slower.
  $ProgressPreference = 'SilentlyContinue'

  if ($Help) {
    Write-Output @'
Installs zag-ps.

Usage: install.ps1 [-Version VERSION] [-Dir DIR]
       install.ps1 -Uninstall [-Dir DIR]

  -Version VERSION  This version, such as 0.1.0; the latest unless given
  -Dir DIR          The folder for the program (%LOCALAPPDATA%\Programs\zag-ps)
  -Uninstall        Remove the program from the folder
  -Help             Show this help

ZAG_PS_BASE_URL names another place than GitHub's releases.
'@
    return
  }

  if (-not $Dir) {
    if (-not $env:LOCALAPPDATA) {
      throw "LOCALAPPDATA is not set`nName the folder with -Dir; on Linux and macOS use install.sh"
    }
    $Dir = Join-Path (Join-Path $env:LOCALAPPDATA 'Programs') 'zag-ps'
  }
  $Dir = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Dir)
  $target = Join-Path $Dir 'zag-ps.exe'
  # What ran while it was replaced; Windows keeps it until it has ended.
  $old = Join-Path $Dir 'zag-ps.old.exe'

  if ($Uninstall) {
    if (-not (Test-Path -LiteralPath $target -PathType Leaf)) {
      throw "Failed to uninstall zag-ps: there is none in `"$Dir`"`nName its folder with -Dir"
    }
    Write-Output "This removes $target. The files of zag in your home stay."
    Remove-Item -LiteralPath $target -Force
    Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
    Write-Output 'Removed'
    return
  }

  $Version = $Version -replace '^v', ''
  if ($Version -and $Version -notmatch '^[0-9A-Za-z.+-]+$') {
    throw "There can be no version `"$Version`"`nSee install.ps1 -Help"
  }
  # A 32-bit PowerShell is told of the machine in the second variable.
  $machine = $env:PROCESSOR_ARCHITEW6432
  if (-not $machine) { $machine = $env:PROCESSOR_ARCHITECTURE }
  switch ($machine) {
    'AMD64' { $triple = 'x86_64-pc-windows-msvc' }
    'ARM64' { $triple = 'aarch64-pc-windows-msvc' }
    default {
      throw "Failed to install zag-ps: there is no program for Windows on `"$machine`"`nWith Node 20 or newer it runs from npm: npx zag-ps"
    }
  }
  $base = $env:ZAG_PS_BASE_URL
  if (-not $base) { $base = 'https://github.com/zag-ps/zag-ps/releases' }
  $from = if ($Version) { "$base/download/v$Version" } else { "$base/latest/download" }
  $archive = "zag-ps-$triple.zip"
  Write-Output "This downloads $from/$archive,"
  Write-Output 'compares it with SHA256SUMS beside it,'
  Write-Output "and puts zag-ps.exe into $Dir. Nothing else is changed."

  # Windows PowerShell 5.1 would offer older versions only.
  [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

  $isNew = -not (Test-Path -LiteralPath $Dir)
  $isDone = $false
  $work = Join-Path $Dir ('.zag-ps.' + [Guid]::NewGuid().ToString('N'))
  try {
    # In the same folder, so that the last step is one rename.
    New-Item -ItemType Directory -Path $work -Force | Out-Null
    foreach ($name in 'SHA256SUMS', $archive) {
      try {
        Invoke-WebRequest -UseBasicParsing -Uri "$from/$name" -OutFile (Join-Path $work $name)
      } catch {
        throw "Failed to download `"$from/$name`": $($_.Exception.Message)`nLook at $base"
      }
    }

    $expected = ''
    foreach ($line in Get-Content -LiteralPath (Join-Path $work 'SHA256SUMS')) {
      $hash, $name = $line -split ' [ *]', 2
      if ($name -eq $archive) { $expected = $hash }
    }
    if (-not $expected) {
      throw "Failed to verify `"$archive`": SHA256SUMS does not name it`nThere may be no program for this platform in this version"
    }
    $actual = (Get-FileHash -LiteralPath (Join-Path $work $archive) -Algorithm SHA256).Hash
    if ($actual -ne $expected) {
      throw "Failed to verify `"$archive`": its SHA-256 is not that of SHA256SUMS`nexpected $expected`nreceived $actual`nNothing was installed; try again, and report it if it comes back"
    }

    $unpacked = Join-Path $work 'archive'
    Expand-Archive -LiteralPath (Join-Path $work $archive) -DestinationPath $unpacked
    $program = Join-Path $unpacked 'zag-ps.exe'
    if (-not (Test-Path -LiteralPath $program -PathType Leaf)) {
      throw "Failed to unpack `"$archive`": there is no zag-ps.exe in it`nReport it"
    }
    # A program that does not start here never gets in place.
    $started = & $program --version
    if ($LASTEXITCODE -ne 0) {
      throw "Failed to start zag-ps for $triple here`nWith Node 20 or newer it runs from npm: npx zag-ps"
    }

    # A program that runs can be renamed, and not replaced.
    if (Test-Path -LiteralPath $target -PathType Leaf) {
      Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
      Move-Item -LiteralPath $target -Destination $old -Force
    }
    try {
      Move-Item -LiteralPath $program -Destination $target
      $isDone = $true
    } finally {
      if (-not $isDone -and (Test-Path -LiteralPath $old)) {
        Move-Item -LiteralPath $old -Destination $target
      }
    }
    Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue
  } finally {
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    if ($isNew -and -not $isDone) {
      Remove-Item -LiteralPath $Dir -Force -ErrorAction SilentlyContinue
    }
  }

  Write-Output "Installed ${started}: $target"
  if (($env:PATH -split ';') -notcontains $Dir) {
    Write-Output "Add the folder to your PATH: [Environment]::SetEnvironmentVariable('PATH', `"$Dir;`" + [Environment]::GetEnvironmentVariable('PATH', 'User'), 'User')"
  }
  Write-Output 'Completions: zag-ps completion --help'
}

try {
  Install-ZagPs -Version $Version -Dir $Dir -Uninstall $Uninstall.IsPresent -Help $Help.IsPresent
} catch {
  [Console]::Error.WriteLine("Error: $($_.Exception.Message)")
  # As text for iex there is no script to end, and the window must stay open.
  if ($PSCommandPath) { exit 1 }
  $global:LASTEXITCODE = 1
}
