using CortexMl.Ir;

namespace CortexMl.Passes.Calibrate.Methods;

/// <summary>
/// Values whose threshold a method of their own chooses, inputs and outputs too: put among <see cref="PassServices.Given"/> in front of
/// calibrate, by apply-scheme for a scheme's lines and by passes of one's own. The last one that says it decides; a threshold that a scheme
/// gives as a number goes before it.
/// </summary>
/// <example><code>
/// GivenMethods.Of(context.Services)[sigmoid.Result] = ChosenMethod.Parse("percentile{percentile=99.9}");
/// </code></example>
public sealed class GivenMethods
{
    private readonly Dictionary<Value, ChosenMethod> _methods = [];

    /// <summary>What is decided about a value; null where nothing is.</summary>
    public ChosenMethod? this[Value of]
    {
        get => _methods.GetValueOrDefault(of);
        set
        {
            if (value is null) _methods.Remove(of);
            else _methods[of] = value;
        }
    }

    /// <summary>Those of a run, to add to.</summary>
    public static GivenMethods Of(PassServices services)
    {
        if (services.Given.Get<GivenMethods>() is { } known) return known;
        var none = new GivenMethods();
        services.Given.Set(none);
        return none;
    }
}
