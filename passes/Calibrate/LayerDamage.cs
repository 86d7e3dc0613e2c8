namespace CortexMl.Passes.Calibrate;

/// <summary>
/// What 8 bits of one layer alone do to each output of the network: the squared error of the output as a share of its squared sum.
/// </summary>
/// <param name="Layer">Name of the layer's result.</param>
/// <param name="Data">By rounding and saturating the layer's data, for each output.</param>
/// <param name="Weights">By rounding its weights.</param>
/// <param name="Centred">By rounding its data to codes on both sides of their middle; empty where that cannot be.</param>
public sealed record LayerDamage(
    string Layer, IReadOnlyList<double> Data, IReadOnlyList<double> Weights, IReadOnlyList<double> Centred);
