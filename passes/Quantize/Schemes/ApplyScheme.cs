using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Schemes;

//  %3 = nn.conv2d(%2, @w) : f32[…]                   %3 = nn.conv2d(%2, @w) : f32[…] within 5.375 as i7
//  scheme: {"value": "3", "within": 5.375, "bits": 7}, or {"operator": "nn.conv2d", "bits": 7}
//
// Writes what a scheme file decides about values into their types, before calibrate, which measures only what is not decided. What it
// decides about layers is for choose-widths. The file has to be of this network: all that does not fit is told at once.
public sealed class ApplyScheme : Pass
{
    public static readonly PassInfo Record = new(
        "apply-scheme", "Take thresholds and precisions from a scheme file, where one is given", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        if (context.Services.Given.Get<GivenScheme>() is not { } written) return;
        var names = Names.Of(graph);
        var values = Measurement.Values(graph);
        var problems = new DiagnosticBag();
        var scheme = written with { File = new SchemePatterns(graph, values, names, written, problems).Resolved() };
        Check(graph, values, names, scheme, problems);
        var methods = Methods(written, problems);
        problems.ThrowIfErrors();
        var decided = scheme.File.Values.ToDictionary(v => v.Name, StringComparer.Ordinal);
        foreach (var value in values)
        {
            if (decided.GetValueOrDefault(names[value]) is not { } line) continue;
            if (line is { Within: null, Method: { } method }) GivenMethods.Of(context.Services)[value] = methods[method];
            if (line.Reading is { } reading)
                context.Rewriter.SetType(
                    value, value.Type with { Threshold = line.Within ?? value.Type.Threshold ?? 0, Reading = reading });
            context.Rewriter.AddCount(1);
        }
        context.Services.Given.Set(scheme with { File = scheme.File with { Values = [.. scheme.File.Values.Select(AsCalibrated)] } });
        context.Services.Given.Set(new GivenThresholds(scheme.File.Calibration));
        context.Services.Given.Set(new GivenForms(Forms(values, names, scheme)));
        context.Services.Given.Set(Roundings(values, names, scheme));

        // The method as calibration files spell it, whichever way it was written.
        ValueDecision AsCalibrated(ValueDecision line) =>
            line is { Within: null, Method: { } method } ? line with { Method = methods[method].ToString() } : line;
    }

    /// <summary>The methods that lines name in place of a threshold. CML0571: those that there are not.</summary>
    private static Dictionary<string, ChosenMethod> Methods(GivenScheme written, DiagnosticBag problems)
    {
        var methods = new Dictionary<string, ChosenMethod>(StringComparer.Ordinal);
        foreach (var line in written.File.Values)
        {
            if (line is not { Within: null, Method: { } method } || methods.ContainsKey(method)) continue;
            try
            {
                methods[method] = ChosenMethod.Parse(method);
            }
            catch (DiagnosticException error)
            {
                string owner = line.Pattern?.ToString() ?? $"value '{line.Name}'";
                foreach (var found in error.Diagnostics)
                    problems.Error(SchemeCodes.Mismatch, $"'method' of {owner} is '{method}': {found.Message}",
                        new SourceLocation(written.Name), found.Hint);
            }
        }
        return methods;
    }

    private static Dictionary<Operation, LayerForm> Forms(IReadOnlyList<Value> values, Names names, GivenScheme scheme)
    {
        var decided = scheme.File.Layers.ToDictionary(l => l.Name, StringComparer.Ordinal);
        var forms = new Dictionary<Operation, LayerForm>();
        foreach (var value in values)
            if (value.Producer is { } layer && decided.GetValueOrDefault(names[value]) is { } line)
                forms[layer] = new LayerForm(
                    line.Centred ? DataForm.Centred : line.DataBits == LayerWidth.WidePrecision ? DataForm.Wide : DataForm.Narrow,
                    line.WeightBits == LayerWidth.WidePrecision);
        return forms;
    }

    private static GivenRoundings Roundings(IReadOnlyList<Value> values, Names names, GivenScheme scheme)
    {
        var nearest = scheme.File.Layers.Where(l => l.Rounding == LayerDecision.Nearest).Select(l => l.Name)
            .ToHashSet(StringComparer.Ordinal);
        return new GivenRoundings([.. values.Where(v => nearest.Contains(names[v])).Select(v => v.Producer).OfType<Operation>()]);
    }

    /// <summary>CML0571: all that is not of this network.</summary>
    private static void Check(Graph graph, IReadOnlyList<Value> values, Names names, GivenScheme scheme, DiagnosticBag problems)
    {
        var location = new SourceLocation(scheme.Name);
        string digest = GraphDigest.OfNamed(graph);
        if (scheme.File.Model != digest)
            Mismatch($"the scheme is for model {scheme.File.Model}, this one is {digest}",
                "compile without --scheme; a scheme fits one model, its input shape and the passes before apply-scheme");
        var byName = values.ToDictionary(v => names[v], StringComparer.Ordinal);
        string[] layerNames = [.. values.Where(v => v.Producer is { } op && IsLayer(op)).Select(v => names[v])];
        var layers = layerNames.ToHashSet(StringComparer.Ordinal);
        var unknown = scheme.File.Values.Where(v => !byName.ContainsKey(v.Name))
            .Select(v => ($"value '{v.Name}'", Nearest.Hint(v.Name, byName.Keys)))
            .Concat(scheme.File.Layers.Where(l => !layers.Contains(l.Name)).Select(l => byName.ContainsKey(l.Name)
                ? ($"layer '{l.Name}', which is no product of two values, and no convolution or dense layer with constant weights", null)
                : ($"layer '{l.Name}'", Nearest.Hint(l.Name, layerNames)))).ToList();
        foreach (var (what, hint) in unknown.Take(Listing.Shown)) Mismatch($"the scheme decides about {what}: the network has none", hint);
        if (unknown.Count > Listing.Shown)
            Mismatch($"{Counted.Of(unknown.Count - Listing.Shown, "more line")} of the scheme: the network has no such name", null);
        foreach (var line in scheme.File.Values)
        {
            if (!byName.TryGetValue(line.Name, out var value)) continue;
            int channels = value.Type.Shape.Rank > 1 ? value.Type.Shape[1] : 0;
            if (line.Channels is { Count: > 0 } shares && shares.Count != channels)
                Mismatch($"the scheme gives %{line.Name} {Counted.Of(shares.Count, "channel")}, it has {channels}", null);
            if (line.Centred is not null && !value.IsInput)
                Mismatch($"the scheme centres %{line.Name}, which is no input", "a layer's data is centred by the layer's line");
        }
        foreach (var line in scheme.File.Layers)
        {
            if (!layers.Contains(line.Name)) continue;
            bool isWide = line.DataBits == LayerWidth.WidePrecision || line.WeightBits == LayerWidth.WidePrecision;
            if (isWide && !LayerWidth.MayBeWide(byName[line.Name].Producer!))
                problems.Error(
                    SchemeCodes.NotHeld, $"layer %{line.Name} has too many terms to see 15 bits", location);
        }

        void Mismatch(string message, string? hint) => problems.Error(SchemeCodes.Mismatch, message, location, hint);
    }

    internal static bool IsLayer(Operation op) => op.Spec == NnConv.MatMul || (op.Spec.Is(OpTraits.Product) && op["weight"].IsConstant);
}

/// <summary>How a scheme decides that weights are rounded: put among <see cref="PassServices.Given"/>.</summary>
/// <param name="Nearest">Layers whose weights are the nearest integers.</param>
internal sealed record GivenRoundings(IReadOnlyList<Operation> Nearest)
{
    private readonly HashSet<Operation> _nearest = [.. Nearest];

    private readonly HashSet<string> _names = Nearest.Select(l => l.Result.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>Passes replace layers, and hand names on.</summary>
    public bool IsNearest(Operation layer) => _nearest.Contains(layer) || (layer.Result.Name is { } name && _names.Contains(name));
}
