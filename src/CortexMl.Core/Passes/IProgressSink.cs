namespace CortexMl.Passes;

/// <summary>Hears how far a long step is. Implementations must be cheap: they are called once per sample.</summary>
public interface IProgressSink
{
    /// <param name="stage">What is going on: <c>calibrate</c>.</param>
    /// <param name="total">0 when unknown.</param>
    void Report(string stage, long done, long total);
}

public sealed class NoProgress : IProgressSink
{
    public static readonly NoProgress Instance = new();

    private NoProgress()
    {
    }

    public void Report(string stage, long done, long total)
    {
    }
}
