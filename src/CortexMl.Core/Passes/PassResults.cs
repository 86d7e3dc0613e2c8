namespace CortexMl.Passes;

/// <summary>
/// What passes hand on besides the graph, one of each type: a calibration, a proof. Written to files by whoever runs the pipeline.
/// </summary>
public sealed class PassResults
{
    private readonly Dictionary<Type, object> _results = [];

    /// <summary>Replaces an earlier one of the type.</summary>
    public void Set<T>(T result)
        where T : class => _results[typeof(T)] = result;

    /// <summary>Null where there is none of the type.</summary>
    public T? Get<T>()
        where T : class => _results.GetValueOrDefault(typeof(T)) as T;
}
