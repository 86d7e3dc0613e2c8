namespace CortexMl.Passes;

/// <summary>The built-in passes, in the order in which the default pipeline first runs them.</summary>
public static class PassTable
{
    public static IReadOnlyList<Func<Pass>> Factories { get; } =
    [
        () => new Prepare.DeadCode(),
        () => new Prepare.DropIdentity(),
        () => new Prepare.DropOutputSoftmax(),
        () => new Prepare.FoldConstants(),
        () => new Prepare.FiniteConstants(),
        () => new Prepare.KeepInputScale(),
        () => new Prepare.NormalizeShapes(),
        () => new Prepare.FlattenDense(),
        () => new Prepare.Canonicalize(),
        () => new Prepare.SliceParts(),
        () => new Prepare.FuseActivations(),
        () => new Prepare.FuseNormalization(),
        () => new Prepare.FuseBatchNorm(),
        () => new Prepare.LowerBatchNorm(),
        () => new Prepare.FuseScale(),
        () => new Prepare.PadIntoConv(),
        () => new Prepare.LowerLeakyRelu(),
        () => new Prepare.LowerLrn(),
        () => new Prepare.LowerComposites(),
        () => new Prepare.FoldLookups(),
        () => new Prepare.SelectChannels(),
        () => new Prepare.CommonSubexpressions(),
        () => new Quantize.CheckForms(),
        () => new Quantize.Schemes.ApplyScheme(),
        () => new Calibrate.Calibrate(),
        () => new Quantize.Restoring.RestoreFloat(),
        () => new Quantize.Widths.ChooseWidths(),
        () => new Inputs.LiftInputScale(),
        () => new Inputs.CenterInputs(),
        () => new Quantize.Clamping.ClampConstants(),
        () => new Quantize.CheckJoins(),
        () => new Quantize.Weights.MeasureLayers(),
        () => new Quantize.Quantize(),
        () => new Target.RoundShift(),
        () => new Target.LowerCvm(),
        () => new Target.PackInputs(),
        () => new Target.AlignOutputs(),
        () => new Target.PlanStorage(),
        () => new Target.BoundCheck(),
    ];

    /// <summary>A registry with the built-in passes and the default pipeline, to which plugins may be added.</summary>
    public static PassRegistry Registry() =>
        new PassRegistry(Factories).WithPipeline(DefaultPipeline.Name, Pipeline.Parse(DefaultPipeline.Text));
}
