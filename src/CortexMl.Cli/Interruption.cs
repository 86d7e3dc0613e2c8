using System.Runtime.InteropServices;
using CortexMl.Files;

namespace CortexMl.Cli;

/// <summary>
/// Ctrl-C, a terminal that closes, and the wish of the system that the command ends: what is being written is finished, the cursor is back,
/// and what there is now is told.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>What is done in place of everything else.</summary>
    private static Action? s_instead;

    private readonly Terminal _terminal;
    private readonly PosixSignalRegistration[] _registrations;

    private Interruption(Terminal terminal)
    {
        _terminal = terminal;
        // The signal is not cancelled: when this returns, it ends the process as it ends any other, with the exit code that belongs to it.
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Hear))];
    }

    public static IDisposable Watch(Terminal terminal) => new Interruption(terminal);

    /// <summary>For a command that runs until it is interrupted: the signal is what it waits for, and ends it in order.</summary>
    public static IDisposable TakeOver(Action end)
    {
        s_instead = end;
        return new Return();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        if (s_instead is not { } end)
        {
            Tell();
            return;
        }
        context.Cancel = true;
        end();
    }

    private void Tell()
    {
        bool isWhole = WriteGate.Close(s_patience);
        _terminal.ShowCursor();
        _terminal.Error.Write((isWhole, WriteGate.HasWritten) switch
        {
            (true, false) => "interrupted: nothing was written\n",
            (true, true) => "interrupted: what was written before is whole\n",
            _ => "interrupted while a file was written: the next run clears up\n",
        });
    }

    private sealed class Return : IDisposable
    {
        public void Dispose() => s_instead = null;
    }
}
